//! A malformed document per rule: file, line, what was expected and what was found.
//!
//! **Source:** decision record 0004; rules of the reader and of sealing.

use crate::WHOLE;
use ordine_wire::{FORMATS, read_one};

/// What of the document becomes what, on which line, what is expected and found there.
type Row = (&'static str, &'static str, u32, &'static str, &'static str);

#[test]
fn every_broken_rule_is_named_by_line() {
    let mut wrong = Vec::new();
    for &(from, to, line, expected, found) in
        HEAD.iter().chain(RESOURCES).chain(TASKS).chain(RELATIONS)
    {
        assert!(WHOLE.contains(from), "{from}");
        let text = WHOLE.replacen(from, to, 1);
        let errors = match read_one(text.as_bytes(), "w.json", FORMATS) {
            Ok(_) => {
                wrong.push(format!("{from} -> {to}: must not be read"));
                continue;
            }
            Err(errors) => errors,
        };
        let (first, words) = (errors.first(), errors.to_string());
        let is_right = first.file == "w.json"
            && first.line == Some(line)
            && first.expected.contains(expected)
            && first.found.contains(found)
            && !first.hint.is_empty()
            && errors.all().len() == 1;
        if !is_right {
            wrong.push(format!("{from} -> {to}, line {line}: {words}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Head, jobs, families, calendars and setups.
const HEAD: &[Row] = &[
    ("\"now\":5", "\"now\":\"soon\"", 1, "a whole number below 2^63 or a date", "\"soon\""),
    ("\"now\":5", "\"now\":\"2026-01-05\"", 1, "an origin beside dates", "none"),
    ("\"now\":5", "\"now\":-5", 1, "a valid problem", "present of the problem is -5"),
    ("\"now\":5", "\"now\":0", 28, "a valid problem", "start of the running task of task under"),
    ("swaps_allowed\":false", "swaps_allowed\":0", 1, "`true` or `false`", "number `0`"),
    ("swaps_allowed\"", "swaps_forbidden\"", 1, "`swaps_allowed`", "unknown field"),
    ("total-deviation", "total-deviation~-1", 1, "an objective such as", "`~-1`"),
    ("total-deviation", "number-gone", 1, "an objective such as", "`number-gone`"),
    ("weighted-earliness", "9000000000000000000*weighted-earliness", 1, "a valid", "could reach"),
    ("\"due_from\":20", "\"due_from\":31", 3, "a valid problem", "start of the due window of job"),
    ("\"due\":30,", "", 1, "a valid problem", "needs due times"),
    ("\"weight\":2", "\"weight\":-2", 3, "a valid problem", "weight of job bracket is -2"),
    ("\"release\":0", "\"release\":-1", 3, "a valid problem", "release of job bracket is -1"),
    ("\"deadline\":90", "\"deadline\":-1", 3, "a valid problem", "deadline of job bracket is -1"),
    ("\"red\",", "7,", 5, "a string", "the number `7`"),
    ("\"families\":[\n\"red\",\n\"blue\"]", "\"families\":{}", 4, "a list", "an object"),
    ("[8,\"open\"]", "[8,\"awake\"]", 8, "`closed`, `paused`, `open`", "\"awake\""),
    ("[13,80]", "[13,0]", 8, "a percentage from 1 to 1000", "the number `0`"),
    ("[13,80]", "[13,-80]", 8, "a percentage from 1 to 1000", "the number `-80`"),
    ("[13,80]", "[13]", 8, "a tuple of size 2", "length 1"),
    ("[13,80]", "[12,80]", 8, "a valid problem", "change at 12 expected after"),
    ("[13,80]", "[24,80]", 8, "a valid problem", "time of change of calendar day is 24"),
    ("\"period\":24", "\"period\":0", 8, "a valid problem", "period of calendar day is 0"),
    ("\"first\":\"closed\"", "\"fist\":\"closed\"", 8, "`first`", "unknown field `fist`"),
    ("[[0,2],[3,0]]},", "[[0,2]]},", 11, "times as 2 rows of 2 numbers", "1 rows"),
    ("[[0,2],[3,0]]},", "[[0,2],[3]]},", 11, "times as 2 rows of 2 numbers", "1 numbers in row 2"),
    ("[[0,2],[3,0]]},", "[[0,2],[3,-1]]},", 11, "a valid problem", "setup time of setup colors"),
    ("[[0,7],[8,0]]", "[[0,7]]", 12, "costs as 2 rows of 2 numbers", "1 rows"),
    ("[[0,7],[8,0]]", "[[0,7],[8,-1]]", 12, "a valid problem", "setup cost of setup again is -1"),
];

const RESOURCES: &[Row] = &[
    ("\"machine\",\"setup\"", "\"robot\",\"setup\"", 14, "one of `machine`", "`robot`"),
    ("\"setup\":\"colors\"", "\"setup\":\"colours\"", 14, "a setup of the file", "`colours`"),
    ("family\":\"red\",\"price", "family\":\"tan\",\"price", 14, "a family of the file", "`tan`"),
    ("\"price\":2", "\"price\":-2", 14, "a valid problem", "price of resource lathe is -2"),
    ("\"price\":2", "\"usage_min\":{}", 14, "a valid problem", "only renewables have"),
    (
        "\"price\":2",
        "\"overuse_penalty\":2",
        14,
        "a valid problem",
        "only renewables have penalties",
    ),
    ("\"size_max\":4", "\"size_max\":0", 16, "a valid problem", "batch size of resource oven is 0"),
    ("\"parallel\",", "\"sideways\",", 16, "`parallel` or `serial`", "`sideways`"),
    (",\"capacity\":3", ",\"capacity\":2", 17, "a valid problem", "resource crew"),
    (
        ",\"capacity\":3",
        ",\"capacity\":-3",
        17,
        "a valid problem",
        "capacity of resource crew is -3",
    ),
    (",\"capacity\":9", "", 19, "a capacity", "none"),
    ("[[10,3],[40,1]]", "[[10,3],[10,1]]", 17, "steps at ascending times", "not later"),
    (
        "[[10,3],[40,1]]",
        "[[10,3],[40,-1]]",
        17,
        "a valid problem",
        "capacity of resource crew is -1",
    ),
    ("[[3,1],[9,0]]", "[[3,1]]", 17, "a valid problem", "least usage ends at 1: expected 0"),
    ("\"usage_min\":{\"first\":0", "\"usage_min\":{\"first\":1", 17, "valid", "before the origin"),
    ("\"calendar\":\"day\"", "\"calendar\":\"night\"", 17, "a calendar of the file", "`night`"),
    ("_penalty\":5", "_penalty\":0", 17, "a valid problem", "penalty of resource crew is 0"),
    ("\"capacity\":9", "\"capacity\":9,\"calendar\":\"day\"", 19, "valid", "have calendars"),
    (
        "\"capacity\":9",
        "\"capacity\":9,\"setup\":0",
        19,
        "a valid problem",
        "only machines have setups",
    ),
    ("\"capacity\":9", "\"capacity\":9,\"stock\":{\"most\":3}", 19, "no stock", "a stock"),
    ("\"reservoir\",\"stock\"", "\"reservoir\",\"stack\"", 20, "`stock`", "unknown field `stack`"),
    (
        ",\"stock\":{\"initial\":4,\"least\":-1,\"most\":10}",
        "",
        20,
        "a stock of a reservoir",
        "none",
    ),
    ("\"most\":10", "\"moist\":10", 20, "`most`", "unknown field `moist`"),
    ("\"most\":10", "\"most\":3", 20, "a valid problem", "initial level of reservoir tank is 4"),
    ("\"most\":10", "\"most\":-2", 20, "a valid problem", "highest level of reservoir tank is -2"),
];

const PAUSING: &str = "\"breaks\":\"pause\",\"released_in_breaks\":true,\"modes\":[{\"duration\":5";

const WAITING: &str = "\"modes\":[{\"duration\":50";

const TASKS: &[Row] = &[
    (
        "\"name\":\"turn\",\"job\":\"bracket\"",
        "\"job\":\"bracket\"",
        22,
        "`name` in an object",
        "none",
    ),
    ("\"optional\":true,\"absence", "\"optional\":1,\"absence", 22, "`true` or `false`", "`1`"),
    (
        "absence_penalty\":3",
        "absence_penalty\":-3",
        22,
        "valid",
        "absence penalty of task turn is -3",
    ),
    ("\"family\":\"blue\"", "\"family\":2", 24, "a family of the file", "number 2 of 2"),
    ("\"breaks\":\"must-fit\"", "\"breaks\":\"fit\"", 23, "one of `wait`, `must-fit`", "`fit`"),
    (
        "earliest_start\":2",
        "earliest_start\":-2",
        23,
        "a valid problem",
        "earliest start of task mill",
    ),
    (
        "latest_start\":50",
        "latest_start\":-50",
        23,
        "a valid problem",
        "latest start or end of task",
    ),
    ("earliest_end\":6", "earliest_end\":-6", 23, "a valid problem", "earliest end of task mill"),
    ("latest_end\":60", "latest_end\":0.5", 23, "a whole number below 2^63", "`0.5`"),
    (
        "[[4,6],[-3,1]]",
        "[[4,6],[1,-3]]",
        23,
        "a valid problem",
        "end of a forbidden time of task mill",
    ),
    ("[[4,6],[-3,1]]", "[[4,6,8]]", 23, "the end of a list", "more"),
    ("[[8,9]]", "[[8,8]]", 23, "a valid problem", "end of a forbidden time of task mill is 8"),
    ("[[11,12]]", "[[12,11]]", 23, "a valid problem", "end of a forbidden time of task mill is 11"),
    ("[[5,4]]", "[[5,-4]]", 23, "a valid problem", "cost of a start or end of task mill is -4"),
    ("[[5,4]]", "[[5,4],[2,4]]", 23, "steps at ascending times", "not later"),
    ("{\"mode\":1,\"start\":7}", "{\"mode\":2,\"start\":7}", 23, "a valid problem", "task mill"),
    ("{\"mode\":1,\"start\":7}", "{\"start\":7}", 23, "a mode from 0 to below 2", "none"),
    (
        "{\"mode\":1,\"start\":7}",
        "{\"mode\":1,\"start\":-7}",
        23,
        "valid",
        "planned start of task mill",
    ),
    ("\"demand\":3", "\"demand\":10", 25, "a valid problem", "demands 10 of resource gold"),
    ("\"demand\":3", "\"demand\":0", 25, "a valid problem", "demand of task pack is 0"),
    ("\"gold\",\"demand\"", "\"crew\",\"demand\"", 25, "valid", "names resource crew twice"),
    ("\"gold\",\"demand\"", "\"tank\",\"demand\"", 25, "a valid problem", "is a reservoir"),
    ("\"gold\",\"demand\"", "\"silver\",\"demand\"", 25, "a resource of the file", "`silver`"),
    ("\"duration\":5", "\"duration\":-5", 25, "a valid problem", "duration of task pack is -5"),
    ("\"duration\":4}]", "\"duration\":1099511627776}]", 23, "a valid problem", "add up to"),
    (PAUSING, WAITING, 25, "a valid problem", "no stretch of working time"),
    ("{\"duration\":0,", "{\"duration\":1,", 26, "valid", "spans others: expected one mode of dur"),
    ("\"amount\":-3", "\"amount\":0", 22, "a valid problem", "stock change (other than 0)"),
    ("\"tank\",\"amount\":-3", "\"gold\",\"amount\":-3", 22, "valid", "which is no reservoir"),
    ("\"at\":\"start\"", "\"at\":\"noon\"", 22, "`start` or `end`", "`noon`"),
    ("\"state\":\"done\"", "\"state\":\"over\"", 27, "one of `free`, `done`", "`over`"),
    ("\"start\":0,\"end\":4", "\"start\":0", 27, "a start and an end of a done", "a mode, a start"),
    (
        "\"start\":0,\"end\":4",
        "\"start\":4,\"end\":0",
        27,
        "a valid problem",
        "end of task past is 0",
    ),
    ("\"done\",\"mode\":0", "\"done\",\"mode\":3", 27, "a valid problem", "task past"),
    (
        "\"done\",\"mode\":0,",
        "\"free\",\"mode\":0,",
        27,
        "nothing but its state",
        "a start, an end",
    ),
    (",\"remaining\":3", "", 28, "the remaining work of a running task", "a mode, a start"),
    (
        ",\"remaining\":3",
        ",\"remaining\":-3",
        28,
        "a valid problem",
        "remaining work of task under way",
    ),
    ("\"start\":1,\"rem", "\"start\":6,\"rem", 28, "a valid problem", "start of the running task"),
    ("\"frozen\",\"mode\":0,\"start\":9", "\"frozen\"", 29, "a start of a frozen task", "none"),
    (
        "\"frozen\",\"mode\":0,\"start\":9",
        "\"frozen\",\"start\":-9",
        29,
        "valid",
        "start of task decided",
    ),
];

const RELATIONS: &[Row] = &[
    (
        "\"lag_max\":40",
        "\"lag_max\":-40",
        31,
        "a valid problem",
        "largest lag of precedence turn -> mill",
    ),
    ("\"lag_max\":40", "\"lag_most\":40", 31, "`lag_max`", "unknown field `lag_most`"),
    ("\"start-to-end\"", "\"finish-to-finish\"", 32, "`end-to-start`", "`finish-to-finish`"),
    (
        "\"penalty\":6",
        "\"penalty\":0",
        32,
        "a valid problem",
        "penalty of precedence mill -> bake is 0",
    ),
    (
        "\"start-to-end\",\"lag\":-2,\"penalty\":6",
        "\"start-to-end\",\"lag\":0.5",
        32,
        "a whole",
        "0.5",
    ),
    (
        "\"penalty\":6},",
        "\"penalty\":6},{\"before\":\"pack\",\"after\":\"pack\"},",
        25,
        "valid",
        "pack -> pack",
    ),
    ("\"at-least-one\"", "\"some\"", 35, "`exactly-one`", "`some`"),
    ("[\"turn\",\"bake\"]},", "[\"turn\",\"turn\"]},", 35, "a valid problem", "each once"),
    ("[\"turn\",\"bake\"]},", "[]},", 35, "a valid problem", "expected one task or more"),
    ("[\"turn\",\"bake\"]},", "[\"turn\",\"pack\"]},", 35, "valid", "task pack is not optional"),
    ("\"condition\":\"mill\"", "\"condition\":\"bake\"", 36, "valid", "one of its own tasks"),
    ("\"condition\":\"mill\"", "\"condition\":\"mull\"", 36, "a task of the file", "`mull`"),
    ("\"parent\":\"whole\"", "\"parent\":\"hole\"", 38, "a task of the file", "`hole`"),
    ("[\"mill\",\"pack\"]", "[]", 26, "a valid problem", "spans nothing"),
    ("[\"mill\",\"pack\"]", "[\"mill\",\"mill\"]", 23, "a valid problem", "a child of two spans"),
    ("[\"mill\",\"pack\"]", "[\"whole\"]", 26, "a valid problem", "spans itself"),
    (
        "\"until\":\"mill\"",
        "\"until\":\"bake\"",
        22,
        "valid",
        "expected a precedence from the end of",
    ),
    (
        "\"task\":\"past\",",
        "\"task\":\"turn\",",
        22,
        "a valid problem",
        "holds its resources twice",
    ),
    (
        "\"buffer\":\"shelf\"",
        "\"buffer\":\"crew\"",
        27,
        "a valid problem",
        "a renewable that no mode",
    ),
    ("\"buffer\":\"shelf\"", "\"buffer\":\"shell\"", 41, "a resource of the file", "`shell`"),
    ("[\"press\",\"lathe\"]", "[\"press\",\"press\"]", 43, "valid", "without batches, each once"),
    ("[\"press\",\"lathe\"]", "[\"press\",\"crew\"]", 43, "a valid problem", "expected machines"),
    (
        "\"second\":\"mill\"",
        "\"second\":\"turn\"",
        22,
        "valid",
        "a mode relation expects two tasks",
    ),
    ("\"second\":\"mill\"", "\"second\":\"bake\"", 22, "valid", "expected equally many modes"),
    ("\"same-mode\"", "\"same\"", 45, "one of `same-resources`", "`same`"),
    (
        "\"mode_relations\"",
        "\"relations\"",
        44,
        "one of `format`, `name`",
        "unknown field `relations`",
    ),
];
