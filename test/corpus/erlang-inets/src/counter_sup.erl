-module(counter_sup).
-behaviour(supervisor).
-export([start_link/0, init/1]).

start_link() -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    Store = #{id => store, start => {counter_store, start_link, []}},
    Web = #{id => web, start => {counter_web, start_link, []}, type => supervisor},
    {ok, {#{strategy => one_for_one}, [Store, Web]}}.
