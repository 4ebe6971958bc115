package jq

import (
	"testing"

	"github.com/itchyny/gojq"
)

const document = `{"a":{"b":[1,2,{"c":"x"}],"n":null,"t":true,"f":false},"s":"Text","u":"Ünï","num":12,"neg":-3,"big":820982911946154508,"dec":12.30,
"list":[{"k":"b","v":2},{"k":"a","v":1},{"k":"b","v":3}],"empty":[],"none":{},"deep":[[1,[2]],[],[3]],"words":["x","y","z"],"zero":0,"numbers":[3,1,2]}`

// Every expression gives what gojq makes of it: results, their order, and what ends it.
func TestAgreesWithGojq(t *testing.T) {
	for _, program := range []string{
		// Values and paths into them.
		`.`, `1`, `-1`, `null`, `true`, `"x"`, `[]`, `{}`, `[1,2]`, `[[],{}]`, `.a`, `.a.b`, `.a.b[0]`, `.a.b[-1]`, `.a.b[7]`, `.a["b"]`, `."a"`, `.["s"]`, `.a?`, `.s.x`, `.s.x?`, `.s[0]`, `.num[0]`, `.num[0]?`,
		`.a.b[1:]`, `[.s,.u,.words][] | .[-2:]`, `[.s,.u,.words][] | .[:-1]`, `[.s,.u,.words][] | .[1:-1]`, `[.s,.u,.words][] | .[2:1]`, `[.s,.u,.words][] | .[9:]`, `[.s,.u,.words][] | .[-9:1]`, `.s[.dec:]`, `.s["a":]`, `.s[null:2]`, `[.words|to_entries[]|.key]`, `.empty|keys`, `.num|test("a")`, `.s|test("^T.{3}$")`, `.s|test("(?i)TEXT")`, `.a.b[:1]`, `.a.b[1:2]`, `.s[1:3]`, `.a.b[.zero:]`, `.a.b[.zero:.zero+1]`, `.a.b[(0,1):]`, `.a.b[:(1,2)]`, `.nothing[1:]`, `.num[1:]`, `.list[.zero].k`, `.list[(0,1)].k`, `.["a","s"]`, `.a[.s]`, `.[.num]`, `.[null]`, `.list[{}]`, `.words[["y"]]`,
		`.list[]`, `.list[].k`, `.a[]`, `.[]`, `.num[]`, `.num[]?`, `.list[]?.k`, `.list[].k?`, `.nothing[]?`, `.nothing[]`, `.s[]?`, `..`, `.a | ..`, `[..]|length`, `.a?.b?`, `.a.b??`, `(.num.x)?`, `.dec`, `.big`, `[.dec,.big]`, `.a.b as [$x] | $x`,
		// Pipes, commas, conditions.
		`.a | .b | .[0]`, `1,2,3`, `(1,2)|(.,.)`, `empty`, `1,empty,2`, `if .a then 1 else 2 end`, `if .nothing then 1 else 2 end`, `if .nothing then 1 end`, `if (true,false) then 1 else 2 end`, `if empty then 1 else 2 end`,
		`if .num == 1 then "a" elif .num == 12 then "b" else "c" end`, `if .num == 1 then "a" elif .num == 2 then "b" end`, `if true then (1,2) else 3 end`,
		`.nothing // 1`, `.a.f // 1`, `.num // 1`, `(.nothing,.num,.neg) // 1`, `empty // 1`, `(.list[].v) // 1`, `.num.x // 1`, `(1,.num.x) // 2`, `(.num.x,1) // 2`, `1 // .num.x`, `null // null`, `(false,null) // (1,2)`, `.list[9].v // .num`, `.nothing[]? // "d"`, `[.list[] | .x // .v]`,
		`true and false`, `true or .num.x`, `false and .num.x`, `(true,false) and (true,false)`, `(true,false) or (true,false)`, `null and 1`, `1 and 1`, `.num and .s`, `.nothing or .num`, `.num.x and true`,
		// Operators.
		`1 + 2`, `.num + 1`, `.neg - 1`, `2 * 3`, `7 / 2`, `8 / 2`, `-7 / 2`, `1 / 0`, `7 % 3`, `-7 % 3`, `7 % -3`, `1 % 0`, `.dec + 1`, `.dec * 2`, `.big + 1`, `.big * 100`, `9007199254740993 + 1`, `9223372036854775807 + 1`, `4611686018427387904 * 2`, `-9223372036854775808 - 1`, `3037000500 * 3037000500`, `"a" + "b"`, `"a" * 3`, `"a" * 0`, `0 * "a"`, `"a,b" / ","`, `[1] + [2]`, `[1] + []`, `[] + [1]`, `[1,2,1] - [1]`, `{a:1} + {b:2}`, `{a:{b:1}} * {a:{c:2}}`, `{a:1} + null`, `{a:.num} + {b:.s}`, `{a:.num} + {a:.s}`, `{a:(.num|twice)} + {b:.num.x}`, `{a:.num.x} + {b:(.num|twice)}`, `{a:.num} + {b:.s} + {c:.neg}`, `{(.s):.num} + {b:.s}`, `null + 1`, `null + null`, `"a" + 1`, `"a" - "b"`, `[] - 1`, `{} - {}`, `true + true`,
		`(1,2) + (10,20)`, `(1,2) * (3,4)`, `(.list[].v) + 1`, `.num + .nothing`, `.s + .nothing`, `-.num`, `-.dec`, `-.s`, `-(1,2)`, `-(.num)`, `+.num`, `+.s`, `-"a"`,
		`1 == 1`, `1 == .num`, `.num == 12`, `.big == 820982911946154508`, `"a" == "a"`, `null == null`, `null == false`, `[1] == [1]`, `{a:1} == {a:1}`, `.list[0] == .list[0]`, `.s == 1`, `1 == "1"`, `1 != 2`, `1 < 2`, `"a" < "b"`, `[1] < [2]`, `{} < []`, `null < false`, `.num > .neg`, `.num >= 12`, `.neg <= -3`, `(1,2) < (2,1)`, `.dec > 12`, `1 < "a"`,
		// Building.
		`{a:1}`, `{a:.num,"b":.s}`, `{s}`, `{s,num}`, `{"s"}`, `{$one}`, `{(.s):1}`, `{(.words[]):1}`, `{a:(1,2),b:(3,4)}`, `{(.s,"k"):(1,2)}`, `{(.num):1}`, `{(1):.num.x}`, `{a:.num.x}`, `{a:1,a:2}`, `{"a\(.num)":1}`, `{"\(.s)"}`, `{@base64 "x":1}`, `{a:empty}`, `[{a:.list[].v}]`, `{"a b":1}`, `{if:1}`, `{a:1}|.a`, `{$__loc__:1}?`,
		`"\(.num)"`, `"a\(.num)b\(.s)c"`, `"\(1,2)-\(3,4)"`, `"\(.list)"`, `"\(.nothing)"`, `"\("x")"`, `"\(.num.x)"`, `"\(empty)"`, `@base64 "x\(.s)y"`, `@base64`, `.s|@base64`, `.words|@csv`, `@csv "\(.words)"`, `.s|@text`, `@json "x\(.words)"`, `.s|@html`, `@uri "\(.u)"`, `"\(.dec) \(.big)"`,
		`[.list[].v]`, `[.list[]|.v]`, `[.list[]|.v+1]`, `[.list[]|select(.v>1)]`, `[.a[]|numbers]`, `[.num[]|1]`, `[.num[]?|1]`, `[.nothing[]?]`, `[.list[]|.v,.k]`, `[empty]`, `[.num.x]`, `[.list[]|.v.x]`, `[.a.b[]|.c]`,
		// Variables and patterns.
		`.num as $x | $x`, `.num as $x | .neg as $y | $x + $y`, `(1,2) as $x | $x * 10`, `.list[] as $l | $l.v`, `.list[] as {k:$k,v:$v} | [$k,$v]`, `.list[] as {$k,$v} | [$k,$v]`, `.list[0] as {$k:$same} | [$k,$same]`, `.deep as [[$a,[$b]],$c] | [$a,$b,$c]`, `. as {a:{b:[$x]}} | $x`, `. as {"s":$x} | $x`, `. as {"\("s")":$x} | $x`, `. as {("s","u"):$x} | $x`, `.num as [$x] | $x`, `.nothing as [$x] | $x`, `.num as {a:$x} | $x`, `. as {(.s):$x} | $x`, `.num as $x | (.neg as $x | $x), $x`, `[$one,$list]`, `$list[0]`, `(1 as $x | 2) as $y | $y`, `.s as $x | [.words[] | . + $x]`, `[.list[] as $l | $list[] as $m | [$l.v,$m]] | length`,
		`$nowhere`, `1 as $x | 2 as $y | [$x,$y,$one]`,
		// Definitions.
		`def f: .num; f`, `def f: . + 1; .num | f | f`, `def f(g): g | g; .num | f(. + 1)`, `def f(g): g | g; .num | f(. as $x | (1,2) | . + $x)`, `def f($x): $x + x; f(1,2)`, `def f($x; $y): [$x,$y]; f(1,2; 3,4)`, `def f(x; $y): [x,$y]; f(1,2; 3,4)`, `def f: 1; def g: f + 1; def f: 10; g, f`, `def f(x): x; def f: 2; f, f(3)`, `def f: def g: 3; g; f`, `def f(x): def g: x; g + 1; f(.num)`, `def f($a): def g: $a; g; f(5)`, `. as $d | def f: $d.num; .s | f`, `def f(g): . as $x | g + $x; 1 | f(. as $x | $x + 10)`, `def f(g): def h(i): i | g; h(. * 2); 3 | f(. + 1)`,
		`def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; 10 | fac`, `def down: if . > 0 then ., (. - 1 | down) else empty end; [5|down]`, `def r(f): ., (f | select(. < 40) | r(f)); [1 | r(. * 2)]`, `def r(f): ., (f | select(. < 40) | r(f)); [1 | r(. as $x | $x * 2, $x * 3)]`, `def r($n): if $n > 0 then $n, r($n - 1) else empty end; [r(4)]`, `def r($n; f): if $n > 0 then ($n | f), r($n - 1; f | f) else empty end; [r(4; . + 1)]`, `def t: if type == "array" then map(t) else . end; .deep | t`, `def r: if . > 3 then . else (. + 1) as $n | $n | r end; 0 | r`, `def o(f): def r: ., (f | r); [limit(4; r)]; 1 | o(. + 1)`,
		// Objects that are made where they are used.
		`{a:.num} as $o | {b:$o}`, `{a:.num} as $o | [$o,$o]`, `{a:.num} as $o | .s | {b:$o,c:.}`, `{a:.num.x} as $o | {b:$o}`, `{a:.num.x} as $o | {b:1}`, `{a:.num.x} as $o | if .num then {b:1} else $o end`, `{a:.num} as $o | if .num then {b:$o} else 1 end`, `{a:.num.x} as $o | [{b:empty,c:$o}]`, `{a:.num} as $o | [{b:(1,2),c:$o}]`, `{a:.num.x} as $o | [empty | $o]`, `{a:.num} as $o | [.list[] | {v,o:$o}]`, `{a:.num.x} as $o | [.empty[] | $o]`, `{a:.num} as $o | reduce .list[] as $l ([]; . + [$o])`, `{a:.num} as $o | def f: $o; {b:f}`, `{a:.num} as $o | def f: if . == null then $o else .n | f end; .a | {b:f}`, `def f($o): {b:$o}; f({a:.num})`, `def f($o): {b:$o}; .list | f({a:length}) + {c:1}`, `def e($k; $b): {k:$k,b:$b} + {t:.num}; e("x"; {y:.s})`, `def h($d): (.num | tostring) as $n | {d:$d,n:$n}; {k:1} + h(.s)`, `def h: .num as $n | {n:$n}; h + {k:1}`, `def h: .num as $n | {n:$n}; h + {n:1}`, `def h: .num.x as $n | {n:$n}; {k:1} + h`, `{a:1} as $o | $o.a`, `{a:.num} as $o | $o | keys`, `{a:.num} as $o | "\($o)"`, `{a:.num} as $o | $o == {a:12}`, `{a:.num} as $o | .s as $o | {b:$o}`, `{a:.num} as $o | {b:$o} as $p | {c:$p}`, `{a:.num} as {$a} | {b:$a}`, `{a:{b:.num}} as {a:{$b}} | $b`, `[.num,.s] as [$a,$b] | {a:$a,b:$b}`, `[{a:.num}] as [$o] | {b:$o}`, `{a:.num} as $o | try {b:$o} catch 1`, `{a:.num} as $o | path($o)`, `{a:.num} as $o | (.s, .u) | {b:$o}`, `{a:.num} as $o | {b:$o} | .b.a`, `{a:.num} as $o | (.x // $o)`, `{a:.num} as $o | ($o // .x)`, `{a:.num.x} as $o | .num or $o`, `{a:.num} as $o | .list[1].v |= {o:$o} | .list`, `{a:.num.x} as $o | {b:[empty] | .[]?, c:$o}`, `[{a:.num.x} as $o | {(empty):$o}]`, `{a:.num} as $o | .list[$o.a - 11].v`, `{a:.num} as $o | [limit(1; $o, 2)]`, `{a:.num} as $o | any($o, 1; . == 1)`, `{a:.num} as $o | pair($o; 1)`, `{a:.num.x} as $o | pair($o; empty)`,
		// Reduce, foreach, label, try.
		`reduce .list[] as $l (0; . + $l.v)`, `reduce .list[] as {$v} (0; . + $v)`, `reduce empty as $x (7; 1)`, `reduce (1,2,3) as $x (0; empty)`, `reduce (1,2,3) as $x (0; (. + $x, . * 10))`, `reduce .list[] as $l ((0,10); . + $l.v)`, `reduce .num[] as $x (0; 1)`, `reduce .list[] as $l (0; $l.v.x)`, `reduce range(5) as $i ([]; . + [$i])`, `reduce .list[] as $l ({}; .[$l.k] |= . + $l.v)`, `reduce .list[] as $l ({}; .[$l.k] = $l.v)`,
		`foreach .list[] as $l (0; . + $l.v)`, `foreach .list[] as $l (0; . + $l.v; [$l.k,.])`, `foreach (1,2) as $x ((0,10); . + $x)`, `foreach (1,2) as $x (0; (. + $x, . - $x))`, `foreach (1,2,3) as $x (0; if $x == 2 then empty else . + $x end)`, `[limit(3; foreach range(10) as $i (0; . + $i; select(. % 2 == 0)))]`,
		`label $f | 1, break $f, 2`, `label $f | (1,2,3) | if . == 2 then break $f else . end`, `[label $f | range(10) | ., (select(. == 3) | break $f)]`, `label $a | label $b | 1, break $a, 2`, `break $x`, `[.list[] | label $f | .v, break $f]`, `def f: label $l | 1, break $l; f, f`, `try (label $f | 1, break $f, 2) catch 3`, `label $f | try (1, break $f) catch 2`,
		`try .num.x catch .`, `try .num.x`, `try (1, .num.x, 2) catch "c"`, `[.list[] | try .v.x catch "no"]`, `try empty catch 1`, `try (try .num.x catch .s.x) catch "outer"`, `(try .num.x catch .) | length > 0`, `try 1 catch 2 | .x`, `[(.list[].v.x)?, 1]`, `try ((1,2) | if . == 2 then .x else . end)`, `try (1 | .x) catch (2 | .y)`, `(1, 2)? | .x?`, `try (try (1,.num.x) catch (.,.s.x)) catch "e"`,
		`[.s, "x"] | glue`, `[.s, .num] | glue`, `[.s, empty] | glue`, `[.words[]] | glue`, `.words | glue`, `1 | glue`, `[] | glue`, `["a", "b"] | glue`, `[.s, ([.u, .s] | glue)] | glue`, `[.s, .num.x] | glue`, `path([.s] | glue)`, `try ([.num] | glue) catch 2`, `[([.s, "x"] | glue), pair([.s] | glue; .num)]`, `.list | map([.k, "x"] | glue)`, `{a: ([.s] | glue)}`,
		`1 | twice`, `"a" | twice`, `try (1|twice) catch 2`, `(1|twice) // 2`, `(1|twice)?`, `[(1|twice)?, 3]`, `first(1, (1|twice))`, `pair(1;2)`, `pair(1,2;3,4)`, `.s | pair(.;length)`, `pair(.num.x;1)`,
		// Functions.
		`not`, `.nothing|not`, `length`, `.[]|length?`, `.s|length`, `.u|length`, `.neg|length`, `.dec|length`, `true|length`, `keys`, `.list|keys`, `.s|keys`, `has("a")`, `has("x")`, `.list|has(0)`, `.list|has(5)`, `has(0)`, `.list|has("a")`, `.s|has("a")`, `has("a","x")`, `in({"a":1})?`, `"a"|in({"a":1})`, `[.[]|type]`, `[.[]|tostring]`, `[.[]|tojson]`, `.s|ascii_downcase`, `.s|ascii_upcase`, `.u|ascii_downcase`, `.num|ascii_downcase`, `.numbers|add`, `.words|add`, `.list|add`, `.empty|add`, `.none|add`, `.a|add`, `add(.list[].v)`, `.num|add`, `[.dec,1]|add`, `[.num,null]|add`, `[.num,"a"]|add`, `[.big,.big]|add`, `{a:1,b:2}|add`, `.words|join(",")`, `.words|join(1)`, `.empty|join(",")`, `.numbers|join("-")`, `[.s,null,.num]|join("/")`, `.list|join(",")`, `.num|join(",")`, `.words|join(",",";")`,
		`.s|startswith("Te")`, `.s|endswith("xt")`, `.num|startswith("a")`, `.s|startswith(1)`, `.s|ltrimstr("T")`, `.s|rtrimstr("t")`, `.num|ltrimstr("a")`, `.s|ltrimstr(1)`, `" a "|trim`, `" a "|ltrim`, `" a "|rtrim`, `.s|trimstr("T")`, `.s|explode|implode`, `"a-b"|split("-")`, `""|split(",")`, `"ab"|split("")`, `"aé"|split("")`, `","|split(",")`, `"a, b ,c"|split(",")|map(trim)`, `.num|split(",")`, `.s|split(1)`, `.num|trim`, `"	 a
"|trim`, `" x "|trim`, `"a-b"|split("-";null)`, `"a1b22"|[splits("[0-9]+")]`, `.s|test("T.x")`, `.s|test("t";"i")`, `.s|test(["T"])`, `.s|[match("[a-z]")|.string]`, `.s|[match("[a-z]";"g")|.offset]`, `"2026-11-22"|capture("(?<y>[0-9]+)-(?<m>[0-9]+)")`, `"a1b2"|[scan("[a-z]")]`, `"a1b2"|[scan("([a-z])([0-9])")]`, `"a1b2"|sub("[0-9]";"#")`, `"a1b2"|gsub("[0-9]";"#")`, `"abc"|gsub("(?<x>[a-z])";"<\(.x)>")`, `"aXbX"|gsub("x";"-";"i")`, `"abc"|sub("(?<x>b)";"1\(.x)","2\(.x)")`, `.s|test("(")`, `.num|test("a")`, `"12"|tonumber`, `"1.5"|tonumber`, `"x"|tonumber`, `.num|tonumber`, `"[1,{\"a\":2}]"|fromjson`,
		`.words|first`, `.words|last`, `.empty|first`, `first(.list[].v)`, `first(empty)`, `last(.list[].v)`, `last(empty)`, `first(1,.num.x)`, `nth(1)?`, `.words|nth(1)`, `nth(2; range(10))`, `nth(-1; range(10))`, `[limit(2; .words[])]`, `[limit(0; 1,2)]`, `[limit(-1; 1,2)]`, `try limit(-1; 1) catch .`, `[limit((1,2); .words[])]`, `[skip(1; .words[])]`, `[skip(0; .words[])]`, `try skip(-1; 1) catch .`, `[limit(1; 1, .num.x)]`, `isempty(empty)`, `isempty(.words[])`, `isempty(1,.num.x)`, `any`, `.words|any`, `[false,null]|any`, `[true,false]|all`, `[]|all`, `any(.list[]; .v > 2)`, `any(.list[].v; . > 7)`, `all(.list[]; .v > 0)`, `.list|any(.v == 1)`, `.list|all(.v == 1)`, `any(.list[]; .v.x)`, `any((true,error); .)?`, `any(1; false,true)`, `all(1; false,true)`,
		`[range(3)]`, `[range(1;3)]`, `[range(0;10;3)]`, `[range(5;0;-2)]`, `[range(0;1;0)]|length`, `[range(0,1;3,4)]`, `[range(1;3;(1,2))]`, `range("a")`, `[range(.dec)]|length`, `.list|map(.v)`, `.list|map(.v,.k)`, `.list|map(select(.k == "b"))`, `.none|map(1)`, `{a:1,b:2}|map(. + 1)`, `.num|map(1)`, `.list|map_values(.v)`, `{a:1,b:2}|map_values(. + 1)`, `{a:1,b:2}|map_values(empty)`, `[1,2,3]|map_values(select(. != 2))`, `.a|to_entries`, `.list|map({key:.k,value:.v})|from_entries`, `{a:1}|with_entries(.value |= . + 1)`, `[{name:"a",Value:1}]|from_entries`, `.numbers|sort`, `.list|sort_by(.k)`, `.list|sort_by(.k,.v)`, `.list|group_by(.k)`, `.list|unique_by(.k)`, `.list|min_by(.v)`, `.list|max_by(.v)`, `.numbers|min`, `.numbers|max`, `.empty|max`, `[1,1,2]|unique`, `.numbers|reverse`, `.s|reverse`, `.deep|flatten`, `.deep|flatten(1)`, `.num|sort`, `.list|sort_by(.v.x)`,
		`.words|contains(["x"])`, `["x"]|inside(["x","y"])`, `.words|index("y")`, `"abcb"|rindex("b")`, `"abcb"|indices("b")`, `[1,2,1]|indices(1)`, `.neg|abs`, `.num|abs`, `.s|abs`, `.deep|transpose`, `[[1,2],[3,4]]|[combinations]`, `[[0,1]|combinations(2)]`, `[.deep|..|numbers]`, `[.a|recurse|type]`, `[2|recurse(if . < 20 then . * . else empty end)]`, `[2|recurse(. * .; . < 100)]`, `[1|while(. < 20; . * 2)]`, `1|until(. > 20; . * 2)`, `[limit(5; 1|repeat(. * 2))]`, `[limit(5; repeat(1,2))]`, `.deep|walk(if type == "number" then . + 1 else . end)`, `.a|walk(if type == "object" then del(.n) else . end)`, `INDEX(.list[]; .k)`, `.list|INDEX(.v)`, `.s|IN("a","Text")`, `IN(.words[]; "y","q")`, `.words|IN(["x","y","z"])`, `IN(.num; 1, 12)`, `.words[]|IN("x","z")`, `IN(.words[]; "z","q")`, `IN(.num.x; 1)`, `IN(1; empty)`, `IN(.num; .numbers[])`, `IN(3; .numbers[])`, `.num|IN(.x)`, `IN(.num; 1, .num.x)`, `IN(12; .num, .num.x)`, `IN(.num.x; .empty[])`, `IN(.num.x; .words[])`, `IN("y"; .a[]?, .words[])`, `{a:1,b:[1,{c:2}]}|.b[1].c`, `[1,"a",null]|.[1]`, `({a:1}|.b = 2), {a:1}`, `([1,2]|.[0] |= 5), [1,2]`, `{a:"b"}[.x // "a"]`, `[.[]|numbers]`, `[.[]|strings]`, `[.[]|booleans]`, `[.[]|nulls]`, `[.[]|arrays|length]`, `[.[]|objects|length]`, `[.[]|iterables|length]`, `[.[]|scalars]`, `[.[]|values]|length`,
		// Paths.
		`path(.a.b)`, `[path(.list[].v)]`, `path(.)`, `[path(..)]`, `[paths]`, `[paths(type == "number")]`, `[paths(scalars)]`, `path(.num.x)`, `path(1)`, `path(.a | select(.b))`, `[path(.list[] | select(.v > 1) | .k)]`, `path(if .num then .a else .s end)`, `path(.nothing // .a)`, `[path(.a[]?)]`, `path(.list[0:2])`, `[path(.list[1:][0])]`, `path(first(.list[]))`, `[path(limit(2; .list[]))]`, `path(last(.words[]))`, `path(getpath(["a","b"]))`, `path(getpath(["q","r"]))`, `getpath(["a","b",0])`, `getpath(["q","r"])`, `getpath(["num","r"])`, `[getpath(["a"],["s"])|type]`, `path(.a | tostring)`, `path(.a as $x | .b)`, `path(. as $x | $x.a)`, `path({})`, `path(.list | .[-1])`, `[path(.a,.s)]`, `path(empty)`, `path(try .a catch .b)`, `path(label $f | .a, break $f)`, `path(.a | recurse)`, `[path(.list[.zero])]`, `path(def f: .a; f)`, `path(def f(x): x | .b; f(.a))`, `[path(foreach .list[] as $l (0; 1; $l))]`, `path(reduce .list[] as $l (0; 1))`, `paths(.x.y)?`, `to_entries|map(.key)`, `pick(.a.b)`, `pick(.list[0].v)`, `del(.a)|keys`, `del(.list[0])|.list`, `del(.list[0,1])|.list`, `del(.list[].k)|.list`, `del(.list[] | select(.v == 1))|.list`, `del(.words[1:])|.words`, `del(.nothing)|length`, `del(.num.x)`, `delpaths([["a"],["s"]])|keys`, `setpath(["x","y"]; 1)|.x`, `setpath([]; 1)`, `setpath(["num","x"]; 1)`,
		// Updates.
		`.a = 1 | .a`, `.a.b = 1 | .a`, `.x.y.z = 1 | .x`, `.list[0].v = 9 | .list`, `.list[].v = 9 | .list`, `.list[5] = 1 | .list`, `.list[-1] = 1 | .list`, `.list[-9] = 1`, `.words[1:] = ["q"] | .words`, `.a = (1,2) | .a`, `.a = .num | .a`, `(.a,.s) = 1 | [.a,.s]`, `.a = empty`, `(.list[] | select(.v > 1) | .k) = "z" | .list`, `.[] = 1 | length`, `. = 1`, `empty = 1 | length`, `.a = .num.x`,
		`.num |= . + 1 | .num`, `.list[].v |= . * 10 | .list`, `.list |= map(.v) | .list`, `.list[] |= .v | .list`, `.list[] |= empty | .list`, `.words[] |= select(. != "y") | .words`, `.num |= empty | has("num")`, `.num |= (5,6) | .num`, `.a.b[0] |= . + 1 | .a`, `.x |= 1 | .x`, `.x.y |= 1 | .x`, `.num |= .x`, `(.num,.neg) |= . + 1 | [.num,.neg]`, `.. |= . | length`, `[.deep | .. |= (numbers |= . + 1)?]`, `.words[1:] |= map(. + "!") | .words`, `. |= .num`, `.a |= with_entries(.key |= ascii_upcase) | .a`, `.list[0] |= (.v |= . + 1 | .w = 5) | .list`, `(.a.b, .a) |= . | .a`, `(.list[0].v, .list[0]) |= [., .] | .list`, `(.list[0].v, .list[0], .list[0][0].v) |= [., .] | .list`, `.words |= (.[0] as $x | map(. + $x)) | .words`, `.num //= 1 | .num`, `.x //= 1 | .x`, `.x //= (1,2) | .x`, `.list[].w //= .num | .list`,
		`.list[1].v |= (. as $v | $v + 1) | .list[1]`, `.list |= [.[] | .v |= . + 1] | .list`, `. as $d | .list[].v |= . + $d.num | .list`, `.list[][] |= tostring | .list`,
	} {
		query := program
		t.Run(program, func(t *testing.T) { agree(t, query, document) })
	}
}

// Members that are null are left out of what the program writes as an object, where that is
// allowed; values that it only passes on stay whole.
func TestWriteSkipsNull(t *testing.T) {
	for program, want := range map[string]string{
		`{a: .none, b: 1, c: .none}`:       `{"b":1}`,
		`{a: .none}`:                       `{}`,
		`{a: "null", b: false, c: [null]}`: `{"a":"null","b":false,"c":[null]}`,
		`{a: {b: .none, c: [{d: .none}]}}`: `{"a":{"c":[{}]}}`,
		`{a: .given}`:                      `{"a":{"x":null}}`,
		`.none`:                            `null`,
	} {
		query, err := gojq.Parse(program)
		if err != nil {
			t.Fatal(err)
		}
		options := testOptions()
		options.SkipNull = true
		code, err := Compile(query, options)
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Value: read(t, `{"given": {"x": null}}`), Variables: testVariables()}
		err = new(Machine).Write(t.Context(), code, in, func(b []byte) error {
			if string(b) != want {
				t.Errorf("%s: got %s, want %s", program, b, want)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
