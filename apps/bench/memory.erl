%% The side of OTP of memory.cpp: bytes for each idle gen_server under a supervisor.
%%   erl +S 2 +P 4194304 -noshell -pa DIR -run memory main COUNT
-module(memory).
-export([main/1, init/1, start_child/0, handle_call/3, handle_cast/2]).
-behaviour(supervisor).

main([Text]) ->
    Count = list_to_integer(Text),
    {ok, Sup} = supervisor:start_link(?MODULE, supervisor),
    Before = {rss(), erlang:memory(total)},
    Begin = erlang:monotonic_time(nanosecond),
    [{ok, _} = supervisor:start_child(Sup, []) || _ <- lists:seq(1, Count)],
    Seconds = (erlang:monotonic_time(nanosecond) - Begin) / 1.0e9,
    After = {rss(), erlang:memory(total)},
    How = io_lib:format("instances, ~b", [Count]),
    tell([How, ", resident"], "B", (element(1, After) - element(1, Before)) / Count),
    tell([How, ", allocated"], "B", (element(2, After) - element(2, Before)) / Count),
    tell([How, ", starts"], "1/s", Count / Seconds),
    halt(0).

init(supervisor) ->
    {ok, {#{strategy => simple_one_for_one},
          [#{id => child, start => {?MODULE, start_child, []}}]}};
init(child) -> {ok, idle}.

start_child() -> gen_server:start_link(?MODULE, child, []).

handle_call(_, _, State) -> {reply, ok, State}.

handle_cast(_, State) -> {noreply, State}.

rss() ->
    {ok, Statm} = file:read_file("/proc/self/statm"),
    [_, Pages | _] = string:lexemes(Statm, " "),
    binary_to_integer(Pages) * 4096.

tell(Subject, Unit, Value) ->
    io:format("{\"bench\":\"memory\",\"subject\":\"~s\",\"side\":\"OTP\",\"unit\":\"~s\","
              "\"value\":~.3f}~n", [Subject, Unit, float(Value)]).
