-module(counter_web).
-export([start_link/0, do/1]).
-include_lib("inets/include/httpd.hrl").

start_link() ->
    {ok, Port} = application:get_env(counter, port),
    inets:start(httpd, [{port, Port}, {bind_address, any}, {server_name, "counter"}, {server_root, "/tmp"},
                        {document_root, code:priv_dir(counter)}, {modules, [?MODULE]}], stand_alone).

do(#mod{request_uri = "/health"}) -> {proceed, [{response, {200, "ok"}}]};
do(#mod{request_uri = Uri}) ->
    {ok, Greeting} = application:get_env(counter, greeting),
    {ok, Template} = file:read_file(filename:join([code:priv_dir(counter), "templates", "visits.txt"])),
    Digest = base64:encode(crypto:hash(sha256, Uri)),
    Body = io_lib:format(binary_to_list(Template), [Greeting, counter_store:next(Uri), binary_to_list(Digest)]),
    {proceed, [{response, {200, lists:flatten(Body)}}]}.
