//! A real file through the whole program, as `hawser import` brings it in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::Language;
use db::{Db, db_tests};
use exchange::cli::{Told, Wish, import};
use shipments::{By, Clock, Filter, Grain, Report, report_on_time};

use crate::{House, operator};

/// The public delivery history; says aloud when there is none.
fn scms() -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("HAWSER_TEST_DATA") else {
        eprintln!("SKIPPED: HAWSER_TEST_DATA names no folder, the real file was not imported");
        return None;
    };
    let found = std::fs::read_dir(Path::new(&folder).join("scms")).unwrap();
    let file = found.map(|entry| entry.unwrap().path()).find(|path| path.to_string_lossy().ends_with(".csv.gz"));
    Some(file.unwrap())
}

async fn bring_in(house: &House, db: &Db, file: &Path, dry_run: bool) -> Told {
    let wish = Wish {
        kind: "shipments",
        file,
        mapping: Some("scms"),
        dry_run,
        create_customers: true,
        source: None,
        refused: None,
        texts: &house.program.shell.texts,
        language: Language::English,
        report: Arc::new(|_| {}),
    };
    let told = import(&house.program.imports, &operator(), &wish).await.unwrap();
    module::deliver(db, &house.program.listeners, base::now()).await.unwrap();
    told
}

async fn figures(db: &Db, by: Option<By>, grain: Grain) -> Report {
    report_on_time(db, &operator(), by, grain, Clock::Day, &Filter::default()).await.unwrap()
}

fn percent(rate: f64) -> String {
    format!("{:.2}", rate * 100.0)
}

db_tests! {
    async fn ten_thousand_real_lines_give_the_figures_that_are_known(db: Db) {
        let Some(file) = scms() else { return };
        let house = House::open(&db).await;
        let dry = bring_in(&house, &db, &file, true).await;
        assert_eq!((dry.outcome.counts.new, dry.outcome.counts.refused), (10_324, 0));
        let done = bring_in(&house, &db, &file, false).await;
        assert_eq!(done.outcome.counts, dry.outcome.counts, "the commit does what the preview told");
        let again = bring_in(&house, &db, &file, false).await;
        assert_eq!((again.outcome.counts.unchanged, again.outcome.counts.new), (10_324, 0));

        assert_eq!(percent(figures(&db, None, Grain::Line).await.all.unwrap().rate), "88.51");
        assert_eq!(percent(figures(&db, None, Grain::Shipment).await.all.unwrap().rate), "88.55");
        let modes = figures(&db, Some(By::Mode), Grain::Line).await.rows;
        let mut rates: Vec<_> = modes.iter().map(|row| (row.key.as_str(), percent(row.rate))).collect();
        rates.sort();
        let known = [
            ("air", "90.40"),
            ("air_charter", "88.46"),
            ("not_stated", "98.89"),
            ("ocean", "82.48"),
            ("truck", "83.92"),
        ];
        assert_eq!(rates, known.map(|(mode, rate)| (mode, rate.to_owned())));
    }
}
