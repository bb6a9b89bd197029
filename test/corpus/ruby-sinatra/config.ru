require_relative 'lib/shop'

run Shop::App
