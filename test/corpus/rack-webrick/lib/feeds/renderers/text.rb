# frozen_string_literal: true

module Feeds
  module Renderers
    # A line per item.
    class Text
      def type = "text/plain"

      def render(items) = items.map { |item| item[:title] }.join("\n")
    end
  end
end
