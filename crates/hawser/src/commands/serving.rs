//! Serving, with the demo or without.

use std::process::ExitCode;

use base::{Error, Language};
use serde_json::{Value, json};

use super::{Failed, Opened, language, say};
use crate::cli::{Common, Listen};
use crate::config::Front;
use crate::progress::Steps;
use crate::serve::{Place, serve as serve_at};
use crate::{demo, jobs};

/// Who may come in by a link that works once.
struct Link {
    /// Key of the role.
    role: String,
    login: String,
    name: String,
    token: String,
}

/// The place is taken first: what cannot be served is not made either.
pub async fn serve(common: &Common, listen: &Listen, with_demo: bool) -> Result<ExitCode, Failed> {
    let front = Front::read(common, listen)?;
    let place = Place::take(&front).await?;
    let front = front.at(place.address()?);
    let opened = Opened::open(common).await?;
    if with_demo {
        demo::claim(&opened.db, &opened.program, &opened.actor).await?;
    }
    let setup = opened.program.access.first_setup(base::now()).await?;
    let links = match with_demo {
        true => fill(&opened).await?,
        false => setup.map(first).into_iter().collect(),
    };
    announce(&opened, &front, &links);
    let full = [Language::Chinese, Language::English].map(|language| opened.texts().get(language, "cli-full"));
    let Opened { program, db, .. } = opened;
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, database = ?db.kind(), listen = %front.listen, address = front.base_url, "Serving");
    let router = program.router(front.secure, front.outside.clone());
    tokio::spawn(jobs::deliver_events(db.clone(), program.listeners));
    tokio::spawn(jobs::run_jobs(db.clone(), program.jobs));
    serve_at(place, &front, router, &format!("{}\n", full.join("\n"))).await?;
    db.close().await?;
    tracing::info!("Stopped");
    Ok(ExitCode::SUCCESS)
}

fn first(token: String) -> Link {
    Link { role: access::role::ADMINISTRATOR.into(), login: demo::FIRST_LOGIN.into(), name: String::new(), token }
}

/// The demo's people and customers, and a link for one person of each role.
async fn fill(opened: &Opened) -> Result<Vec<Link>, Error> {
    let Opened { config, db, program, actor } = opened;
    let steps = Steps::new(config.json, 2, program.shell.texts.clone(), language());
    steps.next("cli-demo-people");
    demo::load(&program.access, actor).await?;
    steps.next("cli-demo-customers");
    demo::fill(db, program, actor).await?;
    let links = demo::links(&program.access, actor).await?;
    let link = |(person, token): (demo::Person, String)| Link {
        role: person.role,
        login: person.login,
        name: person.name,
        token,
    };
    Ok(links.into_iter().map(link).collect())
}

/// Where we are and who may come in: one JSON object, or a line each and an empty one that ends the list.
fn announce(opened: &Opened, front: &Front, links: &[Link]) {
    let url = |link: &Link| format!("{}/sign-in/link/{}", front.base_url, link.token);
    if opened.config.json {
        let links: Vec<Value> = links
            .iter()
            .map(|link| json!({"role": link.role, "login": link.login, "name": link.name, "url": url(link)}))
            .collect();
        say(&json!({"address": front.base_url, "listen": front.listen, "links": links}).to_string());
        return;
    }
    say(&format!("Hawser: {}", front.base_url));
    for link in links {
        let role = |language| opened.texts().get(language, &format!("access-role-{}", link.role));
        let who = match link.name.is_empty() {
            true => link.login.clone(),
            false => format!("{} / {} · {}", role(Language::Chinese), role(Language::English), link.name),
        };
        say(&format!("{who}: {}", url(link)));
    }
    say("");
}
