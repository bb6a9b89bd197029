-module(counter).
-export([main/0]).

main() ->
    {ok, _} = application:ensure_all_started(counter).
