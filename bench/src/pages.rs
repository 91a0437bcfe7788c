//! How long the program takes to answer, page by page.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use base::{Actor, Cursor, Error};
use customers::customer;
use db::Db;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shipments::shipment;

use crate::client::Client;
use crate::figures::Figure;
use crate::people;
use crate::server::{Program, Server};
use crate::world::World;

const LIST: f64 = 150.0;
const CUSTOMER: f64 = 200.0;
const WORKLIST: f64 = 200.0;
/// Of a million complaints.
const BOARD: f64 = 200.0;
const DASHBOARD: f64 = 800.0;
/// Of one page, at most this long.
const PATIENCE: Duration = Duration::from_secs(12);

/// One page as one person asks for it; several addresses are asked in turn.
struct Page {
    who: &'static str,
    name: &'static str,
    budget: f64,
    paths: Vec<String>,
}

/// Tokens of those who ask.
pub struct Sessions {
    pub rep: String,
    pub head: String,
    pub all: String,
}

impl Sessions {
    /// # Errors
    /// When somebody is not there.
    pub async fn open(access: &access::Access, actor: &Actor) -> Result<Self, Error> {
        Ok(Self {
            rep: people::sign_in(access, actor, people::REP).await?,
            head: people::sign_in(access, actor, people::HEAD).await?,
            all: people::sign_in(access, actor, people::ADMINISTRATOR).await?,
        })
    }

    fn of(&self, who: &str) -> &str {
        match who {
            "rep" => &self.rep,
            "head" => &self.head,
            _ => &self.all,
        }
    }
}

/// # Errors
/// When the program does not answer or refuses a page.
pub async fn measure(
    db: &Db,
    program: &Program,
    sessions: &Sessions,
    world: &World,
    times: usize,
) -> Result<Vec<Figure>, Error> {
    let pages = pages(db, world).await?;
    let server = program.serve(&sessions.all, "/customers").map_err(unavailable)?;
    let mut figures = vec![Figure::seconds("start to the first page", server.started_in).within(1.0)];
    tokio::time::sleep(Duration::from_secs(1)).await;
    figures.push(Figure::one("memory of its own, idle", "MB", server.own_memory()).within(100.0));
    figures.push(Figure::one("resident memory, idle", "MB", server.memory()));
    let bare = baselines(db, &server, times, &mut figures).await?;
    figures.extend(weight(&server, &sessions.all)?);
    for page in &pages {
        let mut client = Client::new(server.address, sessions.of(page.who));
        let before = server.computed(&program.name());
        let figure = answers(&mut client, page, times)?;
        let computed = (server.computed(&program.name()) - before) * 1000.0 / figure.times as f64;
        figures.push(figure.within(page.budget).beside(bare).computed(computed));
    }
    figures.push(Figure::one("memory of its own, after all this", "MB", server.own_memory()));
    figures.push(Figure::one("resident memory, after all this", "MB", server.memory()));
    Ok(figures)
}

fn answers(client: &mut Client, page: &Page, times: usize) -> Result<Figure, Error> {
    let (mut took, since) = (Vec::new(), Instant::now());
    for path in page.paths.iter().cycle().take(times) {
        let answer = client.get(path).map_err(unavailable)?;
        match answer.status {
            200 => {}
            // It gave up; that is told by its time.
            503 => println!("{path} answers 503 after {:.1} s", answer.took.as_secs_f64()),
            other => return Err(Error::Bug(format!("{path} answers {other}"))),
        }
        took.push(answer.took);
        if since.elapsed() > PATIENCE {
            break;
        }
    }
    Ok(Figure::times(format!("{}: {}", page.who, page.name), took))
}

/// What no page can be faster than: an empty answer, and 50 rows by their primary key. Milliseconds of both together.
async fn baselines(db: &Db, server: &Server, times: usize, figures: &mut Vec<Figure>) -> Result<f64, Error> {
    let mut client = Client::new(server.address, "");
    let health = Page { who: "baseline", name: "empty answer", budget: 0.0, paths: vec!["/healthz".into()] };
    let empty = answers(&mut client, &health, times)?;
    let mut took = Vec::new();
    for time in 0..times {
        let from = time as u64 * 131 % 1000;
        let since = Instant::now();
        let query = customer::Entity::find().order_by_asc(customer::Column::Id);
        query.filter(customer::Column::Id.gt(format!("{from:03}"))).limit(50).all(db.read()).await?;
        took.push(since.elapsed());
    }
    let rows = Figure::times("baseline: 50 rows by primary key", took);
    let both = empty.p95 + rows.p95;
    figures.extend([empty, rows]);
    Ok(both)
}

/// The first page with everything that it loads from the same host.
fn weight(server: &Server, session: &str) -> Result<Vec<Figure>, Error> {
    let mut client = Client::new(server.address, session);
    let page = client.get("/customers").map_err(unavailable)?;
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let marks = ["src=\"/", "href=\"/assets/"];
    let found =
        marks.iter().flat_map(|mark| text.match_indices(mark).map(|(at, mark)| at + mark.find('/').unwrap_or(0)));
    let files: BTreeSet<&str> = found.filter_map(|at| text[at..].split(['"', '#']).next()).collect();
    let mut bytes = page.body.len();
    for file in &files {
        bytes += client.get(file).map_err(unavailable)?.body.len();
    }
    let requests = files.len() as f64 + 1.0;
    Ok(vec![
        Figure::one("first page with all it loads", "KB", bytes as f64 / 1024.0).within(180.0),
        Figure::one("first page with all it loads", "requests", requests).within(12.0),
    ])
}

async fn pages(db: &Db, world: &World) -> Result<Vec<Page>, Error> {
    let find = customer::Entity::find;
    let count = world.size.customers as u64;
    let middle = find().order_by_asc(customer::Column::NameKey).offset(count / 2).one(db.read()).await?;
    let middle = middle.ok_or(Error::NotFound)?;
    let deep = Cursor { key: middle.name_key.clone(), id: middle.id.clone() }.encode();
    let many = find().order_by_asc(customer::Column::Id).offset(world.biggest() as u64).one(db.read()).await?;
    let big = many.ok_or(Error::NotFound)?;
    let own = find().filter(customer::Column::DepartmentId.is_not_null()).limit(40).all(db.read()).await?;
    let old =
        shipment::Entity::find().order_by_asc(shipment::Column::ShippedOn).offset(world.size.shipments as u64 / 2);
    let old = old.one(db.read()).await?.ok_or(Error::NotFound)?;
    let older = Cursor { key: old.shipped_on.to_string(), id: old.id.clone() }.encode();
    let file = |id: &str| format!("/customers/{id}");
    let mut pages = Vec::new();
    let mut add = |who, name, budget, paths: Vec<String>| pages.push(Page { who, name, budget, paths });
    for who in ["rep", "head", "all"] {
        add(who, "customers", LIST, vec!["/customers".into()]);
        add(who, "customers, by last contact", LIST, vec!["/customers?sort=last_contact".into()]);
        add(who, "customers, loyal ones, changed last first", LIST, vec!["/customers?stage=loyal&sort=updated".into()]);
        add(who, "worklist", WORKLIST, vec!["/worklist".into()]);
        add(who, "shipments", LIST, vec!["/shipments".into()]);
        add(who, "stages", DASHBOARD, vec!["/stages".into()]);
        add(who, "service quality", DASHBOARD, vec!["/service-quality".into()]);
        add(who, "complaints, the board", BOARD, vec!["/complaints?shape=board".into()]);
        add(who, "complaints", LIST, vec!["/complaints".into()]);
    }
    let words = crate::world::Words::read();
    let search = |list: &str, place| format!("/customers?q={}", percent(words.at(list, place)));
    let paths = (0..20).map(|place| search("trades", place)).chain([search("first", 3)]).collect();
    add("all", "customers, searched by a word that many have", LIST, paths);
    let paths = vec![format!("/customers?q={}", percent(&middle.short_name)), "/customers?q=zzqq".into()];
    add("all", "customers, searched by a word that few have", 100.0, paths);
    let tag = format!("/customers?tag={}", percent(words.at("trades", 0)));
    add("all", "customers, by tag", LIST, vec![tag]);
    add("all", "customers, far down", LIST, vec![format!("/customers?after={deep}")]);
    add("all", "customer, small ones", CUSTOMER, own.iter().map(|one| file(&one.id)).collect());
    add("all", "customer, the biggest", CUSTOMER, vec![file(&big.id)]);
    add("head", "team's worklist", WORKLIST, vec!["/worklist/team".into()]);
    add("all", "team's worklist", WORKLIST, vec!["/worklist/team".into()]);
    for (who, name, path) in by_each_dimension() {
        add(who, name, DASHBOARD, vec![path]);
    }
    let whole = "/service-quality?grain=shipment".to_owned();
    add("all", "service quality of whole shipments", DASHBOARD, vec![whole]);
    let biggest = format!("/service-quality?by=month&customer={}", big.id);
    add("all", "service quality of the biggest customer", DASHBOARD, vec![biggest]);
    let month = world.today.format("%Y-%m");
    let mode = format!("/service-quality/lines?only=late&mode=air&from={month}&to={month}");
    add("all", "lines behind a figure: late, by air, this month", LIST, vec![mode]);
    add("all", "shipments, far down", LIST, vec![format!("/shipments?after={older}")]);
    add("all", "shipments, late ones", LIST, vec!["/shipments?late=on".into()]);
    add("all", "shipments of the biggest customer", LIST, vec![format!("/shipments?customer={}", big.id)]);
    add("all", "shipments, searched by waybill", LIST, vec![format!("/shipments?q={}", old.waybill)]);
    add("all", "shipment", LIST, vec![format!("/shipments/{}", old.id)]);
    for (name, budget, path) in of_one_address() {
        add("all", name, budget, vec![path.to_owned()]);
    }
    Ok(pages)
}

fn of_one_address() -> [(&'static str, f64, &'static str); 6] {
    [
        ("complaints, the board of one kind", BOARD, "/complaints?shape=board&category=damage&severity=high"),
        ("complaints, overdue", LIST, "/complaints?view=overdue"),
        ("complaints, all that ever were", LIST, "/complaints?view=all"),
        ("complaints, figures", DASHBOARD, "/complaints/figures"),
        ("lines behind a figure: late", LIST, "/service-quality/lines?only=late"),
        ("audit", LIST, "/settings/audit"),
    ]
}

fn by_each_dimension() -> Vec<(&'static str, &'static str, String)> {
    let dimensions = [
        ("customer", "service quality by customer"),
        ("lane", "service quality by lane"),
        ("month", "service quality by month"),
        ("cell", "service quality by customer, lane, mode, month"),
    ];
    let each = |who| dimensions.map(|(by, name)| (who, name, format!("/service-quality?by={by}")));
    each("all").into_iter().chain(each("head")).collect()
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

pub fn unavailable(error: std::io::Error) -> Error {
    Error::Unavailable(error.to_string())
}
