module Shop
  class App < Sinatra::Base
    set :root, ROOT
    set :host_authorization, {} if respond_to?(:host_authorization)
    set :store, Store.new(SETTINGS['database'])

    get('/health') { 'ok' }

    post '/orders' do
      order = JSON.parse(request.body.read)
      id = settings.store.add(order['name'], order['cents'])
      @invoice = Invoice.new(id, order['name'], order['cents'])
      erb :invoice
    end
  end
end
