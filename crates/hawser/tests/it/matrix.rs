//! Every route against every actor, compared with a table that a person has reviewed (`access_matrix.txt`).

use axum::http::Method;
use db::db_tests;

use crate::{Answer, House};

const REVIEWED: &str = include_str!("access_matrix.txt");
/// Login of the demo's person for each actor; a visitor has none.
const ACTORS: [(&str, &str); 6] = [
    ("visitor", ""),
    ("sales_rep", "zhang"),
    ("customer_service", "chen"),
    ("operations", "li"),
    ("manager", "wang"),
    ("administrator", "admin"),
];

db_tests! {
    async fn every_route_answers_every_actor_as_reviewed(db: Db) {
        let house = House::open(&db).await;
        let found = table(&house).await;
        let reviewed: Vec<&str> =
            REVIEWED.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        let new: Vec<_> = found.iter().filter(|row| !reviewed.contains(&row.as_str())).collect();
        let gone: Vec<_> = reviewed.iter().filter(|row| !found.iter().any(|other| other == *row)).collect();
        assert!(
            new.is_empty() && gone.is_empty(),
            "access_matrix.txt does not say what the program does; review each row before you change it.\n\
             Now:\n{}\nNo longer:\n{}",
            new.iter().map(|row| row.as_str()).collect::<Vec<_>>().join("\n"),
            gone.iter().map(|row| **row).collect::<Vec<_>>().join("\n"),
        );
    }
}

async fn table(house: &House) -> Vec<String> {
    let mut rows = Vec::new();
    for (method, path) in house.program.registered() {
        let mut words = Vec::new();
        for (name, login) in ACTORS {
            words.push(format!("{name}={}", asked(house, &method, path, login).await));
        }
        rows.push(format!("{method} {path}: {}", words.join(" ")));
    }
    rows.sort();
    rows
}

/// A session of his own for each question, because some acts end it.
async fn asked(house: &House, method: &Method, path: &str, login: &str) -> &'static str {
    let cookie = match login {
        "" => String::new(),
        login => house.sign_in(login).await,
    };
    let path = path.replace("{id}", "0190-unknown").replace("{token}", "unknown").replace("{session}", "unknown");
    let answer = match *method {
        Method::GET => house.get(&path, &cookie).await,
        _ if login.is_empty() => house.post(&path, &cookie, "").await,
        _ => {
            let csrf = house.csrf(&cookie).await;
            house.post(&path, &cookie, &format!("csrf={csrf}")).await
        }
    };
    word(&answer)
}

fn word(answer: &Answer) -> &'static str {
    match answer.status.as_u16() {
        303 if answer.location.starts_with("/sign-in?next=") => "sign-in",
        401 => "sign-in",
        403 => "no",
        500.. => "broken",
        _ => "yes",
    }
}
