# frozen_string_literal: true

require "nokogiri"

module Feeds
  # Items of a feed.
  module Reader
    def self.read(path)
      document = Nokogiri::XML(File.read(path))
      document.xpath("//item").map { |item| { title: item.at_xpath("title").text, link: item.at_xpath("link").text } }
    end
  end
end
