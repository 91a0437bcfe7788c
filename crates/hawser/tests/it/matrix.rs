//! Every route against every actor, compared with a table that a person has reviewed (`access_matrix.txt`).

use access::UserChange;
use axum::http::Method;
use db::db_tests;

use crate::{Answer, House, operator};

const REVIEWED: &str = include_str!("access_matrix.txt");
/// Login of the demo's person for each actor; a visitor has none.
const ACTORS: [(&str, &str); 8] = [
    ("visitor", ""),
    ("sales_rep", "zhang"),
    ("customer_service", "chen"),
    ("operations", "li"),
    ("manager", "wang"),
    ("administrator", "admin"),
    // A key of the administrator with all that he may, and the session of somebody who was disabled meanwhile.
    ("key", "admin"),
    ("disabled", "he"),
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
    let key = key(house).await;
    let ended = ended_session(house).await;
    let mut rows = Vec::new();
    for (method, path) in house.program.registered() {
        let mut words = Vec::new();
        for (name, login) in ACTORS {
            let said = match name {
                "key" => word(&house.by_key(method.clone(), &filled(path), &key).await),
                "disabled" => word(&house.send(method.clone(), &filled(path), &ended, "csrf=x").await),
                _ => asked(house, &method, path, login).await,
            };
            words.push(format!("{name}={said}"));
        }
        rows.push(format!("{method} {path}: {}", words.join(" ")));
    }
    rows.sort();
    rows
}

async fn key(house: &House) -> String {
    let admin = house.user("admin").await;
    let all: Vec<&str> = house.program.permissions.iter().map(|permission| permission.0).collect();
    let last_day = operator().today() + chrono::Duration::days(1);
    house.program.access.create_key(&operator(), &admin, "matrix", &all, last_day).await.unwrap().secret
}

async fn ended_session(house: &House) -> String {
    let cookie = house.sign_in("he").await;
    let access = &house.program.access;
    let id = house.user("he").await;
    let (user, roles) = access.user(&operator(), &id).await.unwrap();
    let change = UserChange {
        version: user.version,
        name: user.name,
        login: user.login,
        department: user.department_id,
        roles,
        status: access::user::Status::Disabled,
    };
    access.change_user(&operator(), &id, change).await.unwrap();
    cookie
}

/// A path of the route whose records nobody has.
fn filled(path: &str) -> String {
    let mut filled = String::new();
    for part in path.split_inclusive('/') {
        match part.trim_end_matches('/').starts_with('{') {
            true => filled.push_str(&part.replace(part.trim_end_matches('/'), "0190-unknown")),
            false => filled.push_str(part),
        }
    }
    filled
}

/// A session of his own for each question, because some acts end it.
async fn asked(house: &House, method: &Method, path: &str, login: &str) -> &'static str {
    let cookie = match login {
        "" => String::new(),
        login => house.sign_in(login).await,
    };
    let path = filled(path);
    let answer = match *method {
        Method::GET => house.get(&path, &cookie).await,
        _ if login.is_empty() => house.send(method.clone(), &path, &cookie, "").await,
        _ => {
            let csrf = house.csrf(&cookie).await;
            house.send(method.clone(), &path, &cookie, &format!("csrf={csrf}")).await
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
