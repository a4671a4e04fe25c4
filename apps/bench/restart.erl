%% The side of OTP of restart.cpp: the same protocol, the same numbers, one gen_server per child.
%%   erl +S 2 -noshell -pa DIR -run restart main CRASHES CLIENTS CHILDREN [LOGFILE]
-module(restart).
-export([main/1, init/1, start_child/1, handle_call/3, handle_cast/2]).
-behaviour(supervisor).

main([Crashes, Clients, Children | Log]) ->
    log_to(Log),
    How = case Log of [] -> ", no log"; _ -> ", logging" end,
    {ok, _} = supervisor:start_link(?MODULE, {children, list_to_integer(Children)}),
    Times = list_to_integer(Crashes),
    Many = list_to_integer(Clients),
    crash(1, Times div 10),
    timer:sleep(1100), % The window is empty to begin with.
    Seldom = crash(1, min(Times, 300)),
    tell("one client, few restarts, p50" ++ How, "us", percentile(Seldom, 0.5)),
    tell("one client, few restarts, p99" ++ How, "us", percentile(Seldom, 0.99)),
    Alone = crash(1, Times),
    tell("one client, p50" ++ How, "us", percentile(Alone, 0.5)),
    tell("one client, p99" ++ How, "us", percentile(Alone, 0.99)),
    Begin = erlang:monotonic_time(nanosecond),
    Busy = crash(Many, Times),
    Seconds = (erlang:monotonic_time(nanosecond) - Begin) / 1.0e9,
    tell("all clients, restarts" ++ How, "1/s", length(Busy) / Seconds),
    tell("all clients, p50" ++ How, "us", percentile(Busy, 0.5)),
    tell("all clients, p99" ++ How, "us", percentile(Busy, 0.99)),
    tell("restarts done" ++ How, "1", length(Alone) + length(Busy)),
    halt(0).

%% As OTP logs by default, level notice, but to a file.
log_to([]) -> logger:set_primary_config(level, none);
log_to([File]) ->
    ok = logger:remove_handler(default),
    ok = logger:add_handler(default, logger_std_h, #{config => #{file => File}}).

init({children, Count}) ->
    Flags = #{strategy => one_for_one, intensity => 1000000, period => 1},
    {ok, {Flags, [#{id => I, start => {?MODULE, start_child, [I]}} || I <- lists:seq(0, Count - 1)]}};
init(child) -> {ok, erlang:unique_integer()}.

start_child(I) -> gen_server:start_link({local, name(I)}, ?MODULE, child, []).

handle_call(ask, _, Number) -> {reply, Number, Number}.

handle_cast(crash, _) -> error(told_to_crash).

name(I) -> list_to_atom("child_" ++ integer_to_list(I)).

%% Lets the clients crash Times times in all; returns the time of each restart, in microseconds.
crash(Clients, Times) ->
    Self = self(),
    Pids = [spawn_link(fun() -> Self ! {self(), client(name(I), Times div Clients)} end)
            || I <- lists:seq(0, Clients - 1)],
    lists:append([receive {Pid, Samples} -> Samples end || Pid <- Pids]).

client(Name, Times) -> client(Name, Times, probe(Name, none), []).

client(_, 0, _, Samples) -> Samples;
client(Name, Times, Last, Samples) ->
    Begin = erlang:monotonic_time(nanosecond),
    gen_server:cast(Name, crash),
    Next = probe(Name, Last),
    Took = (erlang:monotonic_time(nanosecond) - Begin) / 1000,
    client(Name, Times - 1, Next, [Took | Samples]).

%% Asks until a new life answers; lets the others run in between.
probe(Name, Last) ->
    try gen_server:call(Name, ask, infinity) of
        Last -> erlang:yield(), probe(Name, Last);
        Next -> Next
    catch
        exit:_ -> erlang:yield(), probe(Name, Last)
    end.

percentile(Samples, Share) ->
    lists:nth(max(1, ceil(Share * length(Samples))), lists:sort(Samples)).

tell(Subject, Unit, Value) ->
    io:format("{\"bench\":\"restart\",\"subject\":\"~s\",\"side\":\"OTP\",\"unit\":\"~s\","
              "\"value\":~.3f}~n", [Subject, Unit, float(Value)]).
