require 'bigdecimal'
require 'time'

module Shop
  Invoice = Struct.new(:id, :name, :cents) do
    def total = (BigDecimal(cents) / 100).to_s('F')
    def at = Time.now.iso8601
  end
end
