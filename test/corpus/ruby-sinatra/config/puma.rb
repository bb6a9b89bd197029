threads 1, 4
workers 0
port ENV.fetch('PORT', 9292)
environment ENV.fetch('RACK_ENV', 'development')
rackup File.expand_path('../config.ru', __dir__)
