# frozen_string_literal: true

require "stringio"
require "webrick"

module Feeds
  # Puts the Rack application behind WEBrick.
  class Server
    def initialize(settings, host:, port:)
      @application = Application.new(settings)
      @server = WEBrick::HTTPServer.new(BindAddress: host, Port: port, AccessLog: [])
    end

    def start
      @server.mount_proc("/") { |request, response| answer(request, response) }
      trap("TERM") { @server.shutdown }
      @server.start
    end

    private

    def answer(request, response)
      status, headers, body = @application.call(request.meta_vars.merge("rack.input" => StringIO.new(request.body.to_s)))
      response.status = status
      headers.each { |name, value| response[name] = value }
      response.body = body.each.to_a.join
    end
  end
end
