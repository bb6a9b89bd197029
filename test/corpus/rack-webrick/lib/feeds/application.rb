# frozen_string_literal: true

require "rack"
require "dry/inflector"

module Feeds
  # The routes.
  class Application
    def initialize(settings)
      @folder = settings.fetch("folder")
      @renderer = Renderers.const_get(Dry::Inflector.new.camelize(settings.fetch("renderer"))).new
    end

    def call(environment)
      request = Rack::Request.new(environment)
      case request.path_info
      when "/health" then [200, { "content-type" => "text/plain" }, ["ok"]]
      when %r{\A/feeds/(\w+)\z} then feed(Regexp.last_match(1))
      else [404, {}, ["not here"]]
      end
    end

    private

    def feed(name)
      path = File.join(@folder, "#{name}.xml")
      return [404, {}, ["no such feed"]] unless File.exist?(path)

      [200, { "content-type" => @renderer.type }, [@renderer.render(Reader.read(path))]]
    end
  end
end
