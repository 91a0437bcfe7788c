//! A few hundred customers beside those of the textbook, made from word lists; the same ones each time.

use serde::Deserialize;

use super::book::{Customer, Interaction};
use super::freight::Lane;
use customers::customer::Stage;
use customers::interaction::{InteractionKind, Mood};

/// Customers that are made.
const HOW_MANY: usize = 300;
/// Any number will do; it only must not change.
const SEED: u64 = 20_261_123;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    places: Vec<String>,
    abroad: Vec<String>,
    names: Vec<String>,
    trades: Vec<String>,
    forms: Vec<String>,
    texts: Vec<String>,
    next_steps: Vec<String>,
    /// Why a customer is to be won, and why another never will be.
    targets: Vec<String>,
    never: Vec<String>,
}

/// How a made customer ships.
#[derive(Clone, Copy, PartialEq)]
enum Habit {
    Regular,
    Occasional,
    Dropping,
    Gone,
    New,
    NotYet,
}

/// Out of a hundred customers.
const HABITS: [(Habit, usize); 6] = [
    (Habit::Regular, 38),
    (Habit::Occasional, 26),
    (Habit::Dropping, 7),
    (Habit::Gone, 13),
    (Habit::New, 7),
    (Habit::NotYet, 9),
];

/// The customers, with owners among these logins; some belong to nobody.
/// `others` promise some of the next steps.
pub fn customers(words: &Words, logins: &[String], others: &[String]) -> Vec<Customer> {
    let mut dice = fastrand::Rng::with_seed(SEED);
    let per_place = words.names.len() * words.trades.len();
    (0..HOW_MANY)
        .map(|number| {
            // Steps that share no factor with the number of names go through all of them before one comes twice.
            let step = number * 37 % (per_place * words.places.len());
            let place = &words.places[step / per_place];
            let name = &words.names[step % words.names.len()];
            let trade = &words.trades[step / words.names.len() % words.trades.len()];
            let form = &words.forms[dice.usize(..words.forms.len())];
            let habit = habit(&mut dice);
            Customer {
                name: format!("{place}{name}{trade}{form}"),
                short_name: format!("{name}{trade}"),
                english_name: String::new(),
                credit_code: String::new(),
                industry: trade.clone(),
                city: place.clone(),
                owner: owner(&mut dice, logins),
                rhythm_days: rhythm(&mut dice, habit),
                tags: Vec::new(),
                notes: String::new(),
                contacts: Vec::new(),
                verified: Vec::new(),
                consents: Vec::new(),
                interactions: interactions(&mut dice, words, others, habit),
                lanes: lanes(&mut dice, words, place, habit),
                stage: stage(&mut dice, words, habit),
            }
        })
        .collect()
}

fn habit(dice: &mut fastrand::Rng) -> Habit {
    let mut left = dice.usize(..100);
    for (habit, share) in HABITS {
        if left < share {
            return habit;
        }
        left -= share;
    }
    Habit::Regular
}

/// Some of those who do not ship yet are to be won, a few never will.
fn stage(dice: &mut fastrand::Rng, words: &Words, habit: Habit) -> Option<(Stage, String)> {
    let stage = match (habit, dice.usize(..10)) {
        (Habit::NotYet, 0..4) => Stage::Target,
        (Habit::NotYet, 4) => Stage::NonCustomer,
        _ => return None,
    };
    let why = if stage == Stage::Target { &words.targets } else { &words.never };
    Some((stage, why[dice.usize(..why.len())].clone()))
}

fn owner(dice: &mut fastrand::Rng, logins: &[String]) -> Option<String> {
    match dice.usize(..100) {
        0..3 => None,
        _ => logins.get(dice.usize(..logins.len())).cloned(),
    }
}

fn rhythm(dice: &mut fastrand::Rng, habit: Habit) -> Option<i64> {
    match habit {
        Habit::Regular | Habit::Dropping => Some([14, 21, 30][dice.usize(..3)]),
        Habit::Occasional => Some(60),
        _ => None,
    }
}

fn interactions(dice: &mut fastrand::Rng, words: &Words, others: &[String], habit: Habit) -> Vec<Interaction> {
    let (many, newest) = match habit {
        Habit::NotYet | Habit::New => (dice.usize(..3), 1..12),
        Habit::Gone => (dice.usize(1..4), 70..160),
        _ => (dice.usize(1..7), 1..26),
    };
    let mut days_ago = dice.i64(newest);
    let mut said = Vec::new();
    for number in 0..many {
        // Only the newest still has something open.
        let open = number == 0 && habit != Habit::Gone && dice.usize(..10) < 4;
        said.push(Interaction {
            days_ago,
            kind: InteractionKind::ALL[dice.usize(..InteractionKind::ALL.len())],
            mood: [Mood::Neutral, Mood::Neutral, Mood::Pleased, Mood::Pleased, Mood::Annoyed][dice.usize(..5)],
            text: words.texts[dice.usize(..words.texts.len())].clone(),
            next_step: open.then(|| words.next_steps[dice.usize(..words.next_steps.len())].clone()),
            next_in_days: open.then(|| dice.i64(-2..15)),
            next_by: others.get(dice.usize(..others.len() * 5)).cloned(),
        });
        days_ago += dice.i64(9..30);
    }
    said
}

fn lanes(dice: &mut fastrand::Rng, words: &Words, place: &str, habit: Habit) -> Vec<Lane> {
    let (many, every_days, since_days_ago, until_days_ago) = match habit {
        Habit::NotYet => return Vec::new(),
        Habit::Regular => (dice.usize(1..3), dice.u32(6..16), 400, 0),
        Habit::Occasional => (1, dice.u32(45..80), 400, 0),
        Habit::Dropping => (1, dice.u32(5..9), 400, dice.i64(32..38)),
        Habit::Gone => (1, dice.u32(10..25), 400, dice.i64(125..260)),
        Habit::New => (1, 6, dice.i64(1..12), 0),
    };
    (0..many)
        .map(|_| {
            let (destination, mode, days, currency) = match dice.usize(..10) {
                0..6 => (other(dice, &words.places, place), "truck", dice.i64(2..5), "CNY"),
                6..8 => (other(dice, &words.abroad, place), "ocean", dice.i64(18..32), "USD"),
                8 => (other(dice, &words.abroad, place), "air", dice.i64(3..7), "USD"),
                _ => (other(dice, &words.places, place), "rail", dice.i64(4..8), "CNY"),
            };
            Lane {
                origin: place.into(),
                destination,
                mode: mode.into(),
                every_days,
                days,
                late_percent: [2, 3, 5, 8, 20][dice.usize(..5)],
                since_days_ago,
                until_days_ago,
                revenue: dice.i64(9..90) * if currency == "USD" { 40 } else { 100 },
                currency: currency.into(),
                cost_unknown: dice.usize(..12) == 0,
            }
        })
        .collect()
}

fn other(dice: &mut fastrand::Rng, places: &[String], than: &str) -> String {
    let at = dice.usize(..places.len());
    match places[at] == than {
        true => places[(at + 1) % places.len()].clone(),
        false => places[at].clone(),
    }
}
