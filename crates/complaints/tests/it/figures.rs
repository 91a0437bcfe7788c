//! Figures against a plain recount of all complaints, one by one.

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, CustomerId, DepartmentId, Instant, Scope};
use calendar::calendar_of;
use chrono::{Datelike, Duration};
use complaints::complaint::{Column, Entity, Model};
use complaints::figures::{Figures, Filter, Window};
use complaints::forms::ComplaintDraft;
use complaints::words::{Category, Cause, Status};
use complaints::{Complaints, link, samples};
use db::{Db, db_tests};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use shipments::Shipments;

use crate::{chen, customer, person, service, with_department};

/// Any numbers will do; they only must not change.
struct Dice(u64);

impl Dice {
    fn upto(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

const WINDOW: Window = Window::Weeks8;

/// Complaints of eighteen weeks, by chance.
async fn many(db: &Db) -> Complaints {
    let complaints = with_department(db).await;
    access::department::Entity::insert(
        access::department::Model {
            id: DepartmentId("claims".into()),
            parent_id: None,
            name: "理赔".into(),
            version: 1,
            created_at: chen().now,
        }
        .into_active_model(),
    )
    .exec_without_returning(db.writer())
    .await
    .unwrap();
    let mut whose = Vec::new();
    for no in 0..9 {
        let owner = if no < 3 { person("zhang", Scope::Own) } else { chen() };
        let customer = customer(db, &owner, &format!("客户{no}")).await;
        let mut waybills = Vec::new();
        for (lane, place) in ["成都", "许昌", "昆明"].iter().enumerate() {
            let mut draft = shipments::samples::shipment(&customer, &format!("W{no}-{lane}"), chen().today());
            (*place).clone_into(&mut draft.lines[0].destination);
            Shipments::new(db.clone()).record(&chen(), draft.clone(), None).await.unwrap();
            waybills.push(draft.waybill);
        }
        whose.push((customer, waybills));
    }
    let mut dice = Dice(4711);
    for _ in 0..110 {
        one_of_them(&complaints, &mut dice, &whose).await;
    }
    complaints
}

async fn one_of_them(complaints: &Complaints, dice: &mut Dice, whose: &[(CustomerId, Vec<String>)]) {
    let (customer, waybills) = &whose[usize::try_from(dice.upto(9).min(dice.upto(9))).unwrap()];
    let minutes =
        |dice: &mut Dice, weeks: u64| Duration::minutes(i64::try_from(dice.upto(weeks * 7 * 24 * 60)).unwrap());
    let received = chen().now - minutes(dice, 18);
    let pick = |dice: &mut Dice, some: &[Category]| some[usize::try_from(dice.upto(some.len() as u64)).unwrap()];
    let lanes = usize::try_from(dice.upto(4)).unwrap();
    let draft = ComplaintDraft {
        received_at: Some(received),
        category: pick(dice, &Category::ALL[..4]),
        waybills: waybills[..lanes].to_vec(),
        ..samples::draft(customer, &if dice.upto(3) == 0 { DepartmentId("claims".into()) } else { service() })
    };
    let logged = complaints.log(&chen(), draft).await.unwrap();
    let mut row = logged.clone().into_active_model();
    let later = |dice: &mut Dice| (received + minutes(dice, 2)).min(chen().now);
    if dice.upto(4) > 0 {
        row.responded_at = Set(Some(later(dice)));
    }
    match dice.upto(5) {
        0 => {}
        1 => row.status = Set(Status::Merged),
        _ => {
            row.status = Set(Status::Closed);
            row.closed_at = Set(Some(later(dice)));
        }
    }
    if dice.upto(5) > 0 {
        row.cause = Set(Some(Cause::ALL[usize::try_from(dice.upto(4).min(dice.upto(4))).unwrap()]));
    }
    if dice.upto(6) == 0 {
        row.repeat_of = Set(Some(logged.id.clone()));
    }
    row.update(complaints.db().writer()).await.unwrap();
}

/// All that is counted, and on which lanes.
async fn all(db: &Db) -> Vec<(Model, BTreeSet<String>)> {
    let links = link::Entity::find().all(db.read()).await.unwrap();
    let lines = shipments::line::Entity::find().all(db.read()).await.unwrap();
    let rows = Entity::find().all(db.read()).await.unwrap();
    let lanes = |row: &Model| {
        let own = links.iter().filter(|link| link.complaint_id == row.id);
        own.flat_map(|link| lines.iter().filter(|line| line.shipment_id == link.shipment_id))
            .map(|line| line.destination.clone())
            .collect()
    };
    rows.into_iter().filter(|row| row.status != Status::Merged).map(|row| (row.clone(), lanes(&row))).collect()
}

/// The Monday of an instant by the calendar of weeks, which knows nothing of ours.
fn monday(at: Instant) -> chrono::NaiveDate {
    let week = Actor::day_of(at).iso_week();
    chrono::NaiveDate::from_isoywd_opt(week.year(), week.week(), chrono::Weekday::Mon).unwrap()
}

async fn working_seconds(db: &Db, row: &Model, until: Instant) -> i64 {
    let calendar = calendar_of(db.read(), Some(&row.department_id)).await.unwrap();
    calendar.between(row.received_at, until, &[]).answer.num_seconds()
}

/// Type 7 as its paper writes it: x[⌊h⌋] + (h − ⌊h⌋)(x[⌊h⌋ + 1] − x[⌊h⌋]) with h = (n − 1)p.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]
fn by_the_paper(mut seconds: Vec<i64>, p: f64) -> Option<i64> {
    seconds.sort_unstable();
    let h = (seconds.len().checked_sub(1)?) as f64 * p;
    let (low, high) = (seconds[h.floor() as usize] as f64, seconds[h.ceil() as usize] as f64);
    Some((low + (h - h.floor()) * (high - low) + 1e-9).round() as i64)
}

async fn recounted(db: &Db, figures: &Figures, keep: impl Fn(&Model) -> bool) {
    let rows: Vec<_> = all(db).await.into_iter().filter(|(row, _)| keep(row)).collect();
    let from = monday(chen().now) - Duration::weeks(i64::from(WINDOW.weeks()) - 1);
    assert_eq!(figures.from, from);
    let within =
        |at: Option<Instant>| at.is_some_and(|at| Actor::day_of(at) >= from && Actor::day_of(at) <= chen().today());
    let received: Vec<_> = rows.iter().filter(|(row, _)| within(Some(row.received_at))).collect();
    let closed: Vec<_> = rows.iter().filter(|(row, _)| within(row.closed_at)).collect();
    assert_eq!((figures.received, figures.closed), (received.len() as u64, closed.len() as u64));
    assert_eq!(figures.weeks.len(), usize::from(WINDOW.weeks()));
    for week in &figures.weeks {
        let came = received.iter().filter(|(row, _)| monday(row.received_at) == week.monday).count() as u64;
        let went = closed.iter().filter(|(row, _)| row.closed_at.map(monday) == Some(week.monday)).count() as u64;
        assert_eq!((week.received, week.closed), (came, went), "{}", week.monday);
    }
    let mut causes: BTreeMap<Cause, u64> = BTreeMap::new();
    for (row, _) in &received {
        if let Some(cause) = row.cause {
            *causes.entry(cause).or_default() += 1;
        }
    }
    assert_eq!(figures.causes.iter().map(|row| (row.cause, row.complaints)).collect::<BTreeMap<_, _>>(), causes);
    assert!(figures.causes.is_sorted_by(|one, next| one.complaints >= next.complaints));
    assert_eq!(figures.unexplained, received.len() as u64 - causes.values().sum::<u64>());
    let mut response = Vec::new();
    for (row, _) in received.iter().filter(|(row, _)| row.responded_at.is_some()) {
        response.push(working_seconds(db, row, row.responded_at.unwrap()).await);
    }
    let mut closing = Vec::new();
    for (row, _) in &closed {
        closing.push(working_seconds(db, row, row.closed_at.unwrap()).await);
    }
    assert_eq!(figures.unanswered as usize, received.len() - response.len());
    for (told, counted) in [(figures.response, response), (figures.closing, closing)] {
        assert_eq!(told.counted as usize, counted.len());
        assert_eq!((told.p50, told.p90), (by_the_paper(counted.clone(), 0.5), by_the_paper(counted, 0.9)));
    }
    let mut lanes: BTreeMap<(String, Category), u64> = BTreeMap::new();
    for (row, places) in &received {
        let places = if places.is_empty() { BTreeSet::from([String::new()]) } else { places.clone() };
        for place in places {
            *lanes.entry((place, row.category)).or_default() += 1;
        }
    }
    let told = figures.lanes.iter().flat_map(|lane| {
        lane.categories.iter().map(|(category, count)| ((lane.destination.clone(), *category), *count))
    });
    assert_eq!(told.collect::<BTreeMap<_, _>>(), lanes);
    assert_eq!(figures.repeats as usize, received.iter().filter(|(row, _)| row.repeat_of.is_some()).count());
    let mut by_customer: BTreeMap<CustomerId, u64> = BTreeMap::new();
    for (row, _) in rows.iter().filter(|(row, _)| Actor::day_of(row.received_at) > chen().today() - Duration::days(90))
    {
        *by_customer.entry(row.customer_id.clone()).or_default() += 1;
    }
    assert_eq!(figures.complainers.customers as usize, by_customer.len());
    by_customer.retain(|_, count| *count >= 2);
    assert_eq!(figures.complainers.repeat_customers as usize, by_customer.len());
    let told = figures.complainers.rows.iter().map(|row| (row.customer_id.clone(), row.complaints));
    assert_eq!(told.collect::<BTreeMap<_, _>>(), by_customer);
    assert!(figures.complainers.rows.is_sorted_by(|one, next| one.complaints >= next.complaints));
}

db_tests! {
    async fn the_figures_are_those_of_a_plain_recount(db: Db) {
        let complaints = many(&db).await;
        let whole = Filter { window: WINDOW, ..Filter::default() };
        let figures = complaints.figures(&chen(), &whole).await.unwrap();
        assert!(figures.received > 30 && figures.closed > 20 && figures.lanes.len() == 4, "{figures:?}");
        recounted(&db, &figures, |_| true).await;
        let damage = Filter { category: Some(Category::Damage), ..whole.clone() };
        recounted(&db, &complaints.figures(&chen(), &damage).await.unwrap(), |row| row.category == Category::Damage).await;
        let claims = Filter { department: Some(DepartmentId("claims".into())), ..whole.clone() };
        recounted(&db, &complaints.figures(&chen(), &claims).await.unwrap(), |row| row.department_id.as_str() == "claims").await;
    }

    async fn a_sales_rep_sees_the_figures_of_his_own_customers(db: Db) {
        let complaints = many(&db).await;
        let zhang = person("zhang", Scope::Own);
        let own = customers::customer::Entity::find().all(db.read()).await.unwrap();
        let own: BTreeSet<String> = own
            .into_iter()
            .filter(|one| one.owner_id.as_ref() == zhang.user_id())
            .map(|one| one.id.clone())
            .collect();
        assert_eq!(own.len(), 3);
        let whole = Filter { window: WINDOW, ..Filter::default() };
        let figures = complaints.figures(&zhang, &whole).await.unwrap();
        recounted(&db, &figures, |row| own.contains(row.customer_id.as_str())).await;
        let mut nobody = zhang.clone();
        nobody.permissions.clear();
        assert!(complaints.figures(&nobody, &whole).await.is_err());
    }

    async fn nothing_at_all_has_no_median(db: Db) {
        let complaints = with_department(&db).await;
        let figures = complaints.figures(&chen(), &Filter::default()).await.unwrap();
        assert_eq!((figures.received, figures.response.p50, figures.closing.p90), (0, None, None));
        assert_eq!((figures.weeks.len(), figures.causes.len(), figures.lanes.len()), (13, 0, 0));
    }

    async fn the_last_moment_of_a_week_and_the_first_of_the_next_are_two_weeks(db: Db) {
        let complaints = with_department(&db).await;
        let customer = customer(&db, &chen(), "红木家具厂").await;
        for at in ["2026-11-22T15:59:59.999999Z", "2026-11-22T16:00:00Z"] {
            let draft = ComplaintDraft { received_at: Some(crate::at(at)), ..samples::draft(&customer, &service()) };
            complaints.log(&chen(), draft).await.unwrap();
        }
        let figures = complaints.figures(&chen(), &Filter::default()).await.unwrap();
        let told: Vec<_> = figures.weeks.iter().rev().take(2).map(|week| (week.monday.to_string(), week.received)).collect();
        assert_eq!(told, [("2026-11-23".to_owned(), 1), ("2026-11-16".to_owned(), 1)]);
        Entity::update_many().col_expr(Column::Status, Expr::value("merged")).exec(db.writer()).await.unwrap();
        assert_eq!(complaints.figures(&chen(), &Filter::default()).await.unwrap().received, 0);
    }
}
