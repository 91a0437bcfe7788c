//! Which pages there are: what a reader reaches by links, and states that no link leads to.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;

use crate::browser::{Browser, Script};
use crate::house::House;

/// Clicks from the first page.
const DEPTH: u32 = 3;

/// Who is asked, in this order; a page that one reader showed is not looked at again with the next, but the first page.
/// The link of the role that is left out is shown unused.
const READERS: [&str; 4] = ["sales_rep", "manager", "administrator", "customer_service"];
const UNUSED: &str = "operations";

/// A page to look at.
#[derive(Clone, Debug)]
pub struct Visit {
    /// A role, or nobody.
    pub reader: &'static str,
    pub session: Option<String>,
    /// The address with its ids taken out, and what was done there.
    pub shape: String,
    pub path: String,
    pub state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As it opens.
    Open,
    /// The answer is a sentence instead of the page.
    Refused,
    /// Its search finds nothing.
    Empty,
    /// After its form was sent with nothing in it.
    SentEmpty,
}

#[derive(Debug, Deserialize)]
struct Reached {
    shape: String,
    path: String,
    from: String,
    status: u16,
    html: bool,
    moved: bool,
    /// A form that must be filled stands on it.
    must_fill: bool,
    /// The field of a list's search.
    search: Option<String>,
}

pub struct Collected {
    pub visits: Vec<Visit>,
    pub problems: Vec<String>,
}

pub async fn collect(house: &House) -> Collected {
    let browser = Browser::open(Script::On).await;
    let mut visits = vec![
        visit("visitor", None, "/sign-in", "/sign-in", State::Open),
        visit("visitor", None, "/sign-in (sent empty)", "/sign-in", State::SentEmpty),
        visit("visitor", None, "/sign-in/link/{id}", path_of(house, house.link_of(UNUSED)), State::Open),
        visit("visitor", None, "/sign-in/link/{id} (unknown)", "/sign-in/link/0", State::Refused),
    ];
    let mut problems = Vec::new();
    let mut known = BTreeSet::new();
    for reader in READERS {
        browser.sign_in(house, reader).await;
        let session = browser.cookie("hawser_session").await;
        let reached: Vec<Reached> = browser.run_slowly(include_str!("script/collect.js"), vec![json!(DEPTH)]).await;
        for page in reached {
            if page.status >= 400 {
                problems.push(format!(
                    "{reader}: {} has a link to {}, which answers {}",
                    page.from, page.path, page.status
                ));
            }
            if page.status >= 400
                || !page.html
                || page.moved
                || !(known.insert(page.shape.clone()) || page.from.is_empty())
            {
                continue;
            }
            visits.push(visit(reader, Some(&session), &page.shape, &page.path, State::Open));
            if page.must_fill {
                let shape = format!("{} (sent empty)", page.shape);
                visits.push(visit(reader, Some(&session), &shape, &page.path, State::SentEmpty));
            }
            if let Some(field) = page.search.filter(|_| !page.path.contains('?')) {
                let path = format!("{}?{field}=xqzxqz", page.path);
                visits.push(visit(
                    reader,
                    Some(&session),
                    &format!("{} (nothing found)", page.shape),
                    &path,
                    State::Empty,
                ));
            }
        }
        if reader == READERS[0] {
            visits.push(visit(reader, Some(&session), "no such page", "/no-such-page", State::Refused));
            visits.push(visit(
                reader,
                Some(&session),
                "/settings/users (forbidden)",
                "/settings/users",
                State::Refused,
            ));
        }
        browser.driver.delete_all_cookies().await.unwrap();
    }
    browser.close().await;
    Collected { visits, problems }
}

fn visit(reader: &'static str, session: Option<&str>, shape: &str, path: &str, state: State) -> Visit {
    Visit { reader, session: session.map(str::to_owned), shape: shape.to_owned(), path: path.to_owned(), state }
}

fn path_of<'a>(house: &House, link: &'a str) -> &'a str {
    link.strip_prefix(&house.address).unwrap()
}
