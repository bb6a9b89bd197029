require 'sinatra/base'
require 'yaml'
require 'json'

module Shop
  ROOT = File.expand_path('..', __dir__)
  SETTINGS = YAML.safe_load_file(File.join(ROOT, 'config', 'shop.yml')).fetch(ENV.fetch('RACK_ENV', 'development'))
  autoload :Invoice, 'shop/invoice'
end

$LOAD_PATH.unshift __dir__
require 'shop/store'
require 'shop/app'
