//! What is recorded, and who sees it.

use base::{Cursor, Error, PageSize, Scope};
use db::db_tests;
use shipments::forms::MilestoneDraft;
use shipments::{Filter, ListFilter, MilestoneKind, Mode, Outcome, Shipments, samples};

use crate::{customer, day, manager, person};

db_tests! {
    async fn a_shipment_told_again_changes_nothing(db: Db) {
        let actor = manager();
        let ming = customer(&db, &actor, "明为公司").await;
        let shipments = Shipments::new(db);
        let draft = samples::shipment(&ming, "YD1", day("2026-11-05"));
        let first = shipments.record(&actor, draft.clone(), None).await.unwrap();
        assert_eq!((first.outcome, first.version), (Outcome::New, 1));
        let again = shipments.record(&actor, draft.clone(), None).await.unwrap();
        assert_eq!((again.outcome, again.version, again.id.clone()), (Outcome::Unchanged, 1, first.id.clone()));
        let mut other = draft;
        other.lines[0].delivered_on = Some(day("2026-11-07"));
        other.milestones.push(MilestoneDraft {
            kind: MilestoneKind::PickedUp,
            planned_at: None,
            estimated_at: None,
            actual_at: Some(actor.now),
        });
        let changed = shipments.record(&actor, other, Some(1)).await.unwrap();
        assert_eq!((changed.outcome, changed.version), (Outcome::Changed, 2));
        let file = shipments.file(&actor, &first.id).await.unwrap();
        assert_eq!((file.lines.len(), file.lines[0].on_time_by_day), (1, Some(0)));
        assert_eq!(file.milestones[0].kind, MilestoneKind::PickedUp);
        assert_eq!((file.customer_name.as_str(), file.shipment.shipped_on), ("明为公司", day("2026-11-07")));
    }

    async fn who_records_second_gets_a_conflict(db: Db) {
        let actor = manager();
        let ming = customer(&db, &actor, "明为公司").await;
        let shipments = Shipments::new(db);
        let mut draft = samples::shipment(&ming, "YD1", day("2026-11-05"));
        shipments.record(&actor, draft.clone(), None).await.unwrap();
        draft.container = "CSQU3054383".into();
        shipments.record(&actor, draft.clone(), Some(1)).await.unwrap();
        draft.container = "MSKU0000006".into();
        assert!(matches!(shipments.record(&actor, draft, Some(1)).await, Err(Error::Conflict)));
    }

    async fn a_shipment_of_somebody_elses_customer_does_not_exist(db: Db) {
        let (zhang, li) = (person("zhang", Scope::Own), person("li", Scope::Own));
        let ming = customer(&db, &zhang, "明为公司").await;
        let hong = customer(&db, &li, "红木家具厂").await;
        let shipments = Shipments::new(db);
        let draft = samples::shipment(&ming, "YD1", day("2026-11-05"));
        let recorded = shipments.record(&zhang, draft.clone(), None).await.unwrap();
        assert!(matches!(shipments.file(&li, &recorded.id).await, Err(Error::NotFound)));
        let seen = shipments.list(&li, &ListFilter::default(), PageSize(10)).await.unwrap();
        assert_eq!(seen.rows.len(), 0);
        assert!(matches!(shipments.record(&li, draft.clone(), None).await, Err(Error::Invalid(_))));
        let taken_over = samples::shipment(&hong, "YD1", day("2026-11-05"));
        assert!(matches!(shipments.record(&li, taken_over, None).await, Err(Error::Refused(_))));
        let nobody = base::Actor { permissions: Default::default(), ..zhang };
        assert!(matches!(shipments.file(&nobody, &recorded.id).await, Err(Error::Forbidden)));
    }

    async fn a_shipment_moves_to_another_customer_with_its_lines(db: Db) {
        let actor = manager();
        let ming = customer(&db, &actor, "明为公司").await;
        let xun = customer(&db, &actor, "迅捷物流").await;
        let shipments = Shipments::new(db);
        shipments.record(&actor, samples::shipment(&ming, "YD1", day("2026-11-05")), None).await.unwrap();
        let mut moved = samples::shipment(&xun, "YD1", day("2026-11-05"));
        moved.lines.clear();
        let recorded = shipments.record(&actor, moved, None).await.unwrap();
        let file = shipments.file(&actor, &recorded.id).await.unwrap();
        assert_eq!((file.shipment.customer_id, file.lines[0].customer_id.clone()), (xun.clone(), xun));
    }

    async fn paging_walks_every_shipment_exactly_once(db: Db) {
        let actor = manager();
        let ming = customer(&db, &actor, "明为公司").await;
        let shipments = Shipments::new(db);
        for n in 0..7 {
            let draft = samples::shipment(&ming, &format!("YD{n}"), day("2026-11-05") - chrono::Days::new(n / 3));
            shipments.record(&actor, draft, None).await.unwrap();
        }
        let mut seen = Vec::new();
        let mut filter = ListFilter::default();
        loop {
            let page = shipments.list(&actor, &filter, PageSize(2)).await.unwrap();
            seen.extend(page.rows.into_iter().map(|row| row.shipment.waybill));
            let Some(next) = page.next else { break };
            filter.after = Some(Cursor::decode(&next).unwrap());
        }
        assert_eq!(seen.len(), 7);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 7);
    }

    async fn the_list_is_narrowed_by_lane_mode_month_delay_and_number(db: Db) {
        let actor = manager();
        let ming = customer(&db, &actor, "明为公司").await;
        let shipments = Shipments::new(db);
        shipments.record(&actor, samples::shipment(&ming, "YD1", day("2026-11-05")), None).await.unwrap();
        let mut air = samples::shipment(&ming, "YD2", day("2026-10-05"));
        air.lines[0].mode = Some(Mode::Air);
        air.lines[0].destination = "重庆".into();
        air.lines[0].delivered_on = None;
        air.customer_reference = "PO-9".into();
        shipments.record(&actor, air, None).await.unwrap();
        let found = async |filter: ListFilter| {
            let page = shipments.list(&actor, &filter, PageSize(10)).await.unwrap();
            page.rows.into_iter().map(|row| row.shipment.waybill).collect::<Vec<_>>()
        };
        let which = |which: Filter| ListFilter { which, ..ListFilter::default() };
        assert_eq!(found(ListFilter::default()).await, ["YD1", "YD2"]);
        assert_eq!(found(which(Filter { mode: Some("air".into()), ..Filter::default() })).await, ["YD2"]);
        assert_eq!(found(which(Filter { destination: Some("成都".into()), ..Filter::default() })).await, ["YD1"]);
        assert_eq!(found(which(Filter { month: Some("2026-10".into()), ..Filter::default() })).await, ["YD2"]);
        assert_eq!(found(ListFilter { late: true, ..ListFilter::default() }).await, ["YD2"]);
        assert_eq!(found(ListFilter { waybill: "PO-9".into(), ..ListFilter::default() }).await, ["YD2"]);
        assert_eq!(found(ListFilter { waybill: "YD".into(), ..ListFilter::default() }).await, [""; 0]);
    }

    async fn what_is_wrong_with_a_shipment_is_told_field_by_field(db: Db) {
        let actor = manager();
        let ming = customer(&db, &actor, "明为公司").await;
        let mut draft = samples::shipment(&ming, " ", day("2026-11-05"));
        draft.lines[0].pieces = Some(-1);
        draft.lines[0].revenue_minor = Some(100);
        draft.lines[0].promised_at = Some(actor.now);
        let Err(Error::Invalid(problems)) = Shipments::new(db).record(&actor, draft, None).await else {
            panic!("was recorded");
        };
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["waybill", "lines.0.promised_on", "lines.0.pieces", "lines.0.revenue_minor"]);
    }
}
