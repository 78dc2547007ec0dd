//! Sweeps: noise, places in the system, job profiles, and the applications.
//!
//! Figures of others in these tables were read off plots of the authors' repositories and come from
//! other simulators; they are there to compare, not to match.
//!
//! **Source:** Sung et al. 2020; gym-ds3 (2104.13187); SoCRATES (2104.14354)

use super::{Arguments, Sheet, ds3, latencies, shown, table_of, until};
use anyhow::Result;
use ordine_soc::{Settings, profiles};
use std::sync::Arc;

/// Schedulers of every sweep.
const NAMES: [&str; 7] = ["random", "heft-rt", "eft", "stf", "met", "etf", "lp-guided"];

pub(super) fn noise(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let instance = Arc::new(profiles::synthetic());
    let deviations = [0.0, 0.1, 0.2, 0.3, 0.5];
    let mut rows = table_of(&["scheduler", "0", "0.1", "0.2", "0.3", "0.5"]);
    for name in NAMES {
        let mut row = vec![name.to_owned()];
        for deviation in deviations {
            let settings = Settings { deviation, ..Settings::default() };
            row.push(shown(&latencies(name, &instance, &settings, arguments.seeds)?));
        }
        rows.add_row(row);
    }
    sheet.table("Latency by the deviation of durations, scale 25", &rows)
}

pub(super) fn places(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let instance = Arc::new(profiles::synthetic());
    let read_off = [("heft-rt", "136 / 153 / 175"), ("met", "125 / 140 / 160")];
    let mut rows = table_of(&["scheduler", "3", "4", "5", "read off theirs, 3 / 4 / 5"]);
    for name in NAMES {
        let mut row = vec![name.to_owned()];
        for jobs_most in [3, 4, 5] {
            let settings = Settings { jobs_most, ..Settings::default() };
            row.push(shown(&latencies(name, &instance, &settings, arguments.seeds)?));
        }
        let theirs = read_off.iter().find(|it| it.0 == name).map_or("-", |it| it.1);
        row.push(theirs.to_owned());
        rows.add_row(row);
    }
    sheet.table("Latency by places in the system, scale 25", &rows)
}

pub(super) fn profiles(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let Some(folder) = &arguments.data else {
        return sheet.line("\nProfiles: left out, for they are read from --data");
    };
    let mut rows = table_of(&["scheduler", "1", "2", "4", "6", "8", "10"]);
    let mut agrees = true;
    for name in NAMES {
        let mut row = vec![name.to_owned()];
        for jobs in [1, 2, 4, 6, 8, 10] {
            let instance = Arc::new(ds3(folder, jobs)?);
            if jobs == 1 {
                agrees &= instance.kinds == profiles::synthetic().kinds;
            }
            let settings = Settings::default();
            row.push(shown(&latencies(name, &instance, &settings, arguments.seeds)?));
        }
        rows.add_row(row);
    }
    sheet.check("the files of DS3 read as the built-in synthetic load", agrees);
    sheet.table("Latency by the number of job profiles, scale 25", &rows)
}

pub(super) fn applications(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let instance = Arc::new(profiles::applications());
    let read_off = [("random", "760"), ("heft-rt", "36"), ("met", "128"), ("stf", "250")];
    let mut rows =
        table_of(&["scheduler", "scale 25", "scale 100", "scale 400", "read off theirs"]);
    for name in NAMES {
        let mut row = vec![name.to_owned()];
        for scale in [25.0, 100.0, 400.0] {
            let settings = Settings { scale, ..until(20_000) };
            row.push(shown(&latencies(name, &instance, &settings, arguments.seeds.min(5))?));
        }
        let theirs = read_off.iter().find(|it| it.0 == name).map_or("-", |it| it.1);
        row.push(theirs.to_owned());
        rows.add_row(row);
    }
    sheet.table("Six radio and radar applications, 20 000 us", &rows)?;
    sheet.line("Theirs are other graphs and settings than ours where the source is silent.")
}
