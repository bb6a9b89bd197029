# frozen_string_literal: true

require "json"

module Feeds
  module Renderers
    # Items as JSON.
    class JSON
      def type = "application/json"

      def render(items) = ::JSON.pretty_generate(items)
    end
  end
end
