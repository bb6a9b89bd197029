# frozen_string_literal: true

require "yaml"

module Feeds
  autoload :Application, "feeds/application"
  autoload :Reader, "feeds/reader"
  autoload :Server, "feeds/server"

  module Renderers
    autoload :JSON, "feeds/renderers/json"
    autoload :Text, "feeds/renderers/text"
  end

  def self.settings
    YAML.safe_load_file(File.expand_path("../feeds.yml", __dir__)).fetch(ENV.fetch("FEEDS_ENV", "development"))
  end
end
