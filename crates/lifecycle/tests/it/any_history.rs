use base::Day;
use chrono::Days;
use lifecycle::{Policy, moves, stage};
use proptest::prelude::*;

use crate::day;

/// Busy, rare and bursty customers: gaps of 0 to 200 days, mostly short.
fn histories() -> impl Strategy<Value = Vec<Day>> {
    let gap = prop_oneof![4 => 0_u64..40, 1 => 40_u64..200];
    proptest::collection::vec(gap, 0..25).prop_map(|gaps| {
        let mut at = day("2024-01-17");
        let days = gaps.into_iter().map(|gap| {
            at = at + Days::new(gap);
            at
        });
        days.collect()
    })
}

fn as_of() -> impl Strategy<Value = Day> {
    (0_u64..1500).prop_map(|after| day("2024-01-01") + Days::new(after))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_order_and_the_split_of_imports_change_nothing(
        (history, mixed) in histories().prop_flat_map(|days| (Just(days.clone()), Just(days).prop_shuffle())),
        cut in 0_usize..25,
        as_of in as_of(),
    ) {
        let policy = Policy::default();
        let whole = stage(&history, None, &policy, as_of);
        let (first, second) = mixed.split_at(cut.min(mixed.len()));
        let split: Vec<Day> = second.iter().chain(first).copied().collect();
        prop_assert_eq!(stage(&split, None, &policy, as_of), whole);
    }

    #[test]
    fn the_stage_began_on_the_first_day_of_its_unbroken_run(history in histories(), as_of in as_of()) {
        let policy = Policy::default();
        let now = stage(&history, None, &policy, as_of);
        if let Some(since) = now.since {
            let mut at = since;
            while at <= as_of {
                prop_assert_eq!(stage(&history, None, &policy, at).stage, now.stage);
                at = at + Days::new(1);
            }
            let before = stage(&history, None, &policy, since - Days::new(1));
            prop_assert!(before.since.is_none() || before.stage != now.stage);
        }
    }

    #[test]
    fn the_answer_holds_until_the_day_before_its_review_and_changes_then(history in histories(), as_of in as_of()) {
        let policy = Policy::default();
        let now = stage(&history, None, &policy, as_of);
        let end = now.review_on.unwrap_or(as_of + Days::new(900));
        let mut at = as_of;
        while at < end {
            let then = stage(&history, None, &policy, at);
            prop_assert_eq!((then.stage, then.since, &then.reasons), (now.stage, now.since, &now.reasons));
            at = at + Days::new(1);
        }
        if let Some(review_on) = now.review_on {
            let then = stage(&history, None, &policy, review_on);
            prop_assert!((then.stage, then.since, &then.reasons) != (now.stage, now.since, &now.reasons));
        }
    }

    #[test]
    fn the_moves_are_the_days_on_which_the_stage_is_another(history in histories(), as_of in as_of()) {
        let policy = Policy::default();
        let after = as_of - Days::new(90);
        let mut expected = Vec::new();
        let mut before = stage(&history, None, &policy, after).stage;
        for step in 1..=90 {
            let on = after + Days::new(step);
            let then = stage(&history, None, &policy, on).stage;
            if then != before {
                expected.push((on, before, then));
            }
            before = then;
        }
        let told = moves(&history, None, &policy, after, as_of);
        let told: Vec<_> = told.into_iter().map(|step| (step.on, step.from, step.to)).collect();
        prop_assert_eq!(told, expected);
    }
}
