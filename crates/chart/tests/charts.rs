//! Charts as users see them: text by snapshot, SVG by well-formedness, size and names.
//!
//! **Source:** -

#[path = "schedules/everything.rs"]
mod everything;
#[path = "schedules/greedy.rs"]
mod greedy;
#[path = "schedules/numbers.rs"]
mod numbers;

use everything::everything;
use expect_test::expect;
use greedy::{ft06, greedy, pocket, project, shop, workshop};
use ordine_base::{Cost, Demand, Interval, Ticks, Time};
use ordine_chart::{
    BarKind, Chart, FileKind, LaneKind, MarkerKind, Scene, TextStyle, Theme, html, png, scene,
    scene_with_bound, svg, text,
};
use ordine_problem::{Job, Measure, Placement, ProblemBuilder, Schedule};

fn check(scene: &Scene, width: u16, expected: expect_test::Expect) {
    let style = TextStyle { lines: 4, ..TextStyle::plain(width) };
    expected.assert_eq(&text(scene, &style));
}

/// A reader of just enough XML: elements nest, texts and attributes hold no bare markup.
fn assert_well_formed(document: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = document;
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "a bare > in {:?}", &rest[..at]);
        assert_entities(&rest[..at]);
        let end = at + rest[at..].find('>').expect("an element ends");
        let element = &rest[at + 1..end];
        assert!(!element.contains('<'), "a bare < in {element:?}");
        assert_eq!(element.matches('"').count() % 2, 0, "an open quote in {element:?}");
        assert_entities(element);
        if let Some(name) = element.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "elements nest");
        } else if !element.ends_with('/') {
            open.push(element.split(' ').next().expect("an element has a name"));
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "left over: {open:?} {rest:?}");
}

fn assert_entities(text: &str) {
    for part in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;"];
        assert!(known.iter().any(|entity| part.starts_with(entity)), "a bare & in {text:?}");
    }
}

#[test]
fn a_pocket_shop_is_read_at_a_glance() {
    let problem = pocket(None);
    let schedule = greedy(&problem);
    check(
        &scene_with_bound(&problem, &schedule, &Cost::single(6)),
        40,
        expect![[r#"
            pocket  makespan 6 · bound 6 · optimal
              saw │j0━━━━━━━━━━━━━     j1━━━
            drill │j1━━━━━━━━━━━━━━━━━━j0━━━━━━━━
                  ┼─────────┴─────────┴─────────┴
                  0         2         4         6
        "#]],
    );
}

#[test]
fn late_jobs_are_marked_and_told() {
    let problem = pocket(Some(4));
    check(
        &scene(&problem, &greedy(&problem)),
        40,
        expect![[r#"
            pocket  total-tardiness 3
              saw │j0═════════════     j1═══
            drill │j1══════════════════j0════════
                  ┼─────────┴─────────┴─────────┴
                  0         2         4         6
            late (═): j0 +2, j1 +1
        "#]],
    );
}

#[test]
fn a_project_has_tasks_as_lanes_and_usages_below() {
    let problem = project(6);
    check(
        &scene(&problem, &greedy(&problem)),
        50,
        expect![[r#"
            project of 6  makespan 14
            task 1 │◆                            0–0
            task 3 │████████                     0–4
            task 2 │██████████                   0–5
                   … 3 more tasks
                R1 │▅▅▅▅▅▅▅▅▁▁                   6/10
                R2 │▄▄▄▄▄▄▄▄▄▄                   6/12
                R3 │▄▄▄▄▄▄▄▄▂▂▃▃▃▃▃▃▃▃▃▃▃▃▁▁▁▁▁▁ 6/14
                R4 │▂▂▂▂▂▂▂▂▂▂                   3/16
                   ┼─────────┴─────────┴────────
                   0         5         10
        "#]],
    );
}

#[test]
fn too_many_tasks_become_shares_of_busy_time() {
    let problem = shop(40, 3, 9);
    check(
        &scene(&problem, &greedy(&problem)),
        60,
        expect![[r#"
        shop 40x3  makespan 209
        machine 0 │█▄▄▄█▄█▅ ▄█▄█▆▆▄█▆▂ ▄█▄▄██▇▆▆█▅▂ ▅ █▄█▄ ▄▇
        machine 1 │█ ▂▅█▆█▅█▆█▇ ▂█▄ ▄ █▂▆ █▄█▄█▆▆▇█▆█▄ █▂█ ▄█▄▆█▇█▆█
        machine 2 │███▇▄▂▆▅█▄▂█▂█▆▂█▂▇▂█▄▅▂▂█▇▆▆▆▅ ▂█▄▆█▇▆ ▆█▆
                  ┼──────────┴───────────┴───────────┴──────────┴───
                  0          50          100         150        200
        heights are shares of busy time: most names do not fit on their tasks
    "#]],
    );
}

#[test]
fn nothing_is_a_chart_too() {
    let problem = ProblemBuilder::new("nothing").seal().expect("valid");
    let scene = scene(&problem, &Schedule::empty(&problem));
    check(
        &scene,
        30,
        expect![[r#"
        nothing  makespan 0
          ┼──────────────────────┴
          0                      1
    "#]],
    );
    assert_well_formed(&svg(&scene, Theme::Auto));
}

#[test]
fn colors_come_only_when_asked_for() {
    let problem = workshop();
    let scene = scene(&problem, &greedy(&problem));
    let plain = text(&scene, &TextStyle::plain(100));
    let ansi = text(&scene, &TextStyle::ansi(100));
    assert!(!plain.contains('\x1b') && ansi.contains("\x1b[0m"));
    assert!(plain.lines().all(|line| line.chars().count() <= 100), "{plain}");
}

#[test]
fn names_can_break_neither_markup_nor_terminal() {
    let mut builder = ProblemBuilder::new("a<b> & \"c\"\u{7}");
    let machine = builder.machine("<script>alert(1)</script>");
    let job = builder.job(Job::named("j&j")).expect("valid");
    let task = builder.task("t\x1b[31m</title>", Some(job)).expect("valid");
    builder.mode(task, Ticks::new(5), &[(machine, Demand::ONE)]).expect("valid");
    let problem = builder.seal().expect("valid");
    let scene = scene(&problem, &greedy(&problem));
    let document = svg(&scene, Theme::Auto);
    assert_well_formed(&document);
    assert!(document.contains("&lt;script&gt;alert(1)") && !document.contains("<script"));
    assert!(!document.contains('\x1b') && !text(&scene, &TextStyle::plain(60)).contains('\x1b'));
    let page = html(&scene, Theme::Auto);
    assert!(!page.contains("<script>alert") && !page.contains('\x1b'));
    assert_eq!(page.matches("</script").count(), 2, "names end no script");
    assert!(page.contains("\\u003cscript>alert(1)"), "names are data");
    assert_eq!(page.matches("</title>").count(), 1, "names end no title");
}

#[test]
fn a_page_loads_nothing() {
    let page = html(&scene(&pocket(None), &greedy(&pocket(None))), Theme::Auto);
    assert!(page.contains("default-src 'none'"));
    for word in ["http:", "https:", "src=", "import ", "fetch(", "@import", "url(", "innerHTML"] {
        assert!(!page.contains(word), "{word}");
    }
}

/// Every mark that a chart can have, in every form.
#[test]
fn everything_is_seen_in_every_form() {
    let (problem, schedule) = everything();
    let scene = scene(&problem, &schedule);
    check(
        &scene,
        72,
        expect![[r#"
        everything  total-tardiness 2
               saw │▞▞▞gate════════▞▞▞▞▞▞fence━
             drill │fence━━━━┄┄┄┄┄┄┄┄┄┄┄┄   gate══╌╌╌╌╌╌╌╌╌═══
        no machine │   gate═══════════════════════════════════
                   │                           fence━
              crew │▆▆▆!!!!!!!!!!!!▆▆▆▆▆▆                            4/3
              tank │▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂ 1–3/4
                   ┼──────────────┴──────────────┴──────────────┴───
                   0              5              10             15
        ▞ setup  ┄ ended, blocks  ░ break  ╌ rests  ! beyond the capacity
        late (═): gate +2
        left out: flower <box>
    "#]],
    );
    let document = svg(&scene, Theme::Light);
    assert_well_formed(&document);
    let classes = [
        "bar g0",
        "late g0",
        "setup",
        "held g1",
        "rest",
        "closed",
        "paused",
        "slow",
        "over",
        "line capacity",
        "line least",
        "now",
    ];
    for class in classes {
        assert!(document.contains(&format!("class=\"{class}\"")), "{class}");
    }
    let words = [
        "setup from red to blue; from 5 to 7, 2 ticks",
        "drill fence has ended and blocks; from 3 to 7, 4 ticks",
        "closed from 10 to 12",
        "speed 50 %",
        "rests for 3 of them",
        "gate deadline 15",
        "left out (1): flower &lt;box&gt;",
        "peak 4 of up to 3",
        "level from 1 to 3, most 4",
    ];
    let page = html(&scene, Theme::Light);
    for word in words {
        assert!(document.contains(word), "{word}");
        let known = word.split("; ").all(|part| page.contains(part));
        let counted = word.starts_with("left out") && page.contains("<summary>left out (1)");
        let drawn = word.starts_with("closed") || word.starts_with("speed");
        assert!(known || counted || drawn, "{word} on the page");
    }
    for data in ["\"kind\":[2,0,2,0,0,3,0,1,0]", "\"breaks\":[6,10,2,10,12,0,12,13,1]"] {
        assert!(page.contains(data), "{data}");
    }
    assert_eq!(scene.bars.values().filter(|bar| bar.kind == BarKind::Hold).count(), 1);
}

#[test]
fn themes_differ_in_colors_alone_and_auto_leaves_the_choice() {
    let scene = scene(&pocket(Some(4)), &greedy(&pocket(Some(4))));
    let [auto, light, dark] = Theme::ALL.map(|theme| svg(&scene, theme));
    let shapes = |document: &str| document[document.find("</style>").expect("styled")..].to_owned();
    assert_eq!(shapes(&light), shapes(&dark));
    assert_eq!(shapes(&light), shapes(&auto));
    let asks = |document: &str| document.contains("prefers-color-scheme");
    assert_eq!([asks(&auto), asks(&light), asks(&dark)], [true, false, false]);
    let [auto, light, dark] = Theme::ALL.map(|theme| html(&scene, theme));
    assert_eq!([asks(&auto), asks(&light), asks(&dark)], [true, true, true], "the script asks");
    assert!(dark.contains("--page:#14181d") && !light.contains("--page:#14181d"));
}

/// Width and height in the head of a PNG file.
fn pixels(picture: &[u8]) -> (u32, u32) {
    assert_eq!(&picture[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| {
        picture[at..at + 4].iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
    };
    (number(16), number(20))
}

#[test]
fn pictures_have_two_pixels_for_each_unit() {
    let small = scene(&pocket(None), &greedy(&pocket(None)));
    let (width, height) = pixels(&png(&small, Theme::Auto));
    assert_eq!(width, 2_400);
    assert!(svg(&small, Theme::Auto).contains(&format!("height=\"{}\"", height / 2)));
}

#[test]
fn every_chart_has_every_form_and_the_same_bytes_each_time() {
    let (boxes, histogram) = (numbers::rules(), numbers::gaps());
    let (run, front) = (numbers::run().curves(), numbers::front().curves());
    let (problem, schedule) = everything();
    let scene = scene(&problem, &schedule);
    let charts = [
        Chart::Boxes(&boxes),
        Chart::Histogram(&histogram),
        Chart::Curves(&run),
        Chart::Curves(&front),
        Chart::Gantt(&scene),
    ];
    for chart in charts {
        for kind in FileKind::ALL {
            let file = chart.file(kind, Theme::Auto);
            assert_eq!(file, chart.file(kind, Theme::Auto), "{kind:?}");
            let text = || String::from_utf8(file.clone()).expect("text");
            match kind {
                FileKind::Svg => assert_well_formed(&text()),
                FileKind::Png => assert!(pixels(&file).0 >= 1_500),
                FileKind::Html => assert!(text().starts_with("<!DOCTYPE html>")),
                FileKind::Text => assert!(text().lines().all(|it| it.chars().count() <= 120)),
            }
        }
    }
}

#[test]
fn charts_are_well_formed_and_the_same_each_time() {
    let problems = [
        pocket(Some(4)),
        ft06(Measure::TotalTardiness),
        shop(60, 5, 99),
        shop(5, 4, 1 << 30),
        project(32),
        workshop(),
    ];
    for problem in problems {
        let schedule = greedy(&problem);
        let document = svg(&scene(&problem, &schedule), Theme::Auto);
        assert_well_formed(&document);
        assert_eq!(document, svg(&scene(&problem, &schedule), Theme::Auto), "{}", problem.name());
        let bars = document.matches("<title>").count();
        assert!(bars > problem.tasks().len(), "every task explains itself");
    }
}

#[test]
fn the_largest_times_fit() {
    let mut builder = ProblemBuilder::new("eon");
    let machine = builder.machine("m");
    let task = builder.task("t", None).expect("valid");
    builder.mode(task, Ticks::MAX, &[(machine, Demand::ONE)]).expect("valid");
    let problem = builder.seal().expect("valid");
    let scene = scene(&problem, &greedy(&problem));
    assert_well_formed(&svg(&scene, Theme::Auto));
    check(
        &scene,
        60,
        expect![[r#"
            eon  makespan 1099511627776
            m │t━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
              ┼──────────────────────────────────────────────────┴──────
              0                                            1000000000000
        "#]],
    );
}

#[test]
fn a_far_away_stretch_of_time_fills_the_axis() {
    let problem = pocket(None);
    let far = Time::new(1 << 39);
    let moved = greedy(&problem)
        .placed()
        .map(|(_, place)| Placement {
            start: place.start + (far - Time::ORIGIN),
            end: place.end + (far - Time::ORIGIN),
            ..place
        })
        .map(Some)
        .collect::<Vec<_>>();
    let scene = scene(&problem, &Schedule::from_placements(moved));
    assert_eq!(scene.span, Interval::new(far, far + Ticks::new(6)));
}

#[test]
fn two_thousand_tasks_stay_small() {
    for problem in [shop(100, 20, 99), project(2_000)] {
        let scene = scene(&problem, &greedy(&problem));
        let document = svg(&scene, Theme::Auto);
        assert_well_formed(&document);
        assert!(document.len() < 1_000_000, "{} bytes", document.len());
        let page = html(&scene, Theme::Auto);
        assert!(page.len() < 500_000, "{} bytes", page.len());
        let lines = text(&scene, &TextStyle::plain(80));
        assert!(lines.lines().count() < 40 && lines.lines().all(|line| line.chars().count() <= 80));
    }
}

#[test]
fn what_overlaps_on_a_machine_is_seen_to_overlap() {
    let problem = pocket(None);
    let at_once = problem.tasks().map(|task| {
        Some(Placement::starting(&problem, problem.usable_modes(task)[0], Time::ORIGIN))
    });
    let scene = scene(&problem, &Schedule::from_placements(at_once));
    assert!(scene.lanes.values().all(|lane| lane.rows == 2));
    assert_eq!(scene.lane_kind, LaneKind::Machines);
}

#[test]
fn partial_schedules_say_so() {
    let problem = ft06(Measure::TotalTardiness);
    let scene = scene(&problem, &Schedule::empty(&problem));
    assert_eq!(scene.subtitle, "total-tardiness 0 · 0 of 36 tasks placed");
    assert_eq!(
        scene.markers.iter().filter(|it| matches!(it.kind, MarkerKind::Due { .. })).count(),
        3
    );
}

#[test]
fn layers_of_a_usage_add_up_to_its_total() {
    let problem = workshop();
    let scene = scene(&problem, &greedy(&problem));
    for usage in &scene.usages {
        for &(time, total) in usage.total.steps() {
            let layers = usage.layers.iter().map(|layer| layer.profile.value(time));
            assert_eq!(layers.sum::<i64>(), total, "{} at {time}", usage.name);
        }
    }
}
