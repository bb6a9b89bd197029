-module(counter_store).
-behaviour(gen_server).
-export([start_link/0, next/1, init/1, handle_call/3, handle_cast/2]).

start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).
next(Name) -> gen_server:call(?MODULE, {next, Name}).

init([]) ->
    {atomic, ok} = mnesia:create_table(visit, [{ram_copies, [node()]}]),
    {ok, nothing}.

handle_call({next, Name}, _From, State) ->
    {reply, mnesia:dirty_update_counter(visit, Name, 1), State}.
handle_cast(_Message, State) -> {noreply, State}.
