use std::collections::BTreeMap;

use base::{Error, PageSize, Scope};
use complaints::Complaints;
use complaints::words::Status as Stands;
use customers::Customers;
use customers::interaction::InteractionKind;
use db::db_tests;
use feedback::Feedback;
use follow_ups::follow_up::{Kind, Reopening, Status, VoidReason};
use follow_ups::forms::{DoneDraft, NotReachedDraft, SkipDraft};
use follow_ups::{FollowUpId, Which};

use crate::{FRIDAY, TUESDAY, annoyed, chen, content, customer, day, deliver, house, listed, person, resolved, ship};
use crate::{the_one, why};

db_tests! {
    async fn a_follow_up_is_kept_as_an_interaction_and_its_remark_goes_to_a_department(db: Db) {
        let (follow_ups, _) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let planned = the_one(&db, Kind::AfterResolution).await;
        assert_eq!(listed(&follow_ups, &chen(TUESDAY), Which::Due).await, std::slice::from_ref(&planned.id.0));
        let draft = DoneDraft {
            answers: BTreeMap::from([("is_settled".into(), " 解决了 ".into())]),
            remark: "希望早点提货".into(),
            ..content("都好了")
        };
        let done = follow_ups.done(&chen(TUESDAY), &planned.id, 1, draft).await.unwrap();
        assert_eq!((done.status, done.reopening, done.done_by.as_str()), (Status::Done, None, "chen"));
        assert_eq!(done.answers, serde_json::json!({"is_settled": "解决了"}));
        let file = Customers::new(db.clone()).file(&chen(TUESDAY), &done.customer_id).await.unwrap();
        assert_eq!(file.customer.last_contact_at, Some(chen(TUESDAY).now));
        let heard = Feedback::new(db.clone());
        let notes = heard.list(&chen(TUESDAY), feedback::Which::Waiting, None, None, PageSize(5)).await.unwrap();
        let words: Vec<_> = notes.rows.iter().map(|file| (file.note.words.as_str(), file.note.origin)).collect();
        assert_eq!(words, [("希望早点提货", feedback::Origin::FollowUp)]);
        assert!(listed(&follow_ups, &chen(TUESDAY), Which::Due).await.is_empty());
        assert_eq!(listed(&follow_ups, &chen(TUESDAY), Which::Done).await, [planned.id.0]);
    }

    async fn an_unhappy_answer_opens_the_complaint_again_once(db: Db) {
        let (follow_ups, complaint) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let planned = the_one(&db, Kind::AfterResolution).await;
        let done = follow_ups.done(&chen(TUESDAY), &planned.id, 1, annoyed("桌子又掉漆了")).await.unwrap();
        assert_eq!(done.reopening, Some(Reopening::Settled));
        let complaints = Complaints::new(db.clone());
        let now = complaints.file(&chen(TUESDAY), &complaint.id).await.unwrap();
        assert_eq!((now.complaint.status, now.complaint.round), (Stands::Handling, 2));
        assert!(now.entries.iter().any(|entry| entry.text == "桌子又掉漆了"));
        assert_eq!(follow_ups.reopen_waiting(&chen(TUESDAY)).await.unwrap(), 0);
        deliver(&db, TUESDAY).await;
        assert_eq!(the_one(&db, Kind::Revisit).await.void_reason, Some(VoidReason::Reopened));
        assert_eq!(the_one(&db, Kind::AfterResolution).await.status, Status::Done);
    }

    async fn a_complaint_that_somebody_opened_first_is_not_opened_twice(db: Db) {
        let (follow_ups, complaint) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let planned = the_one(&db, Kind::AfterResolution).await;
        let complaints = Complaints::new(db.clone());
        complaints.reopen(&chen(FRIDAY), &complaint.id, complaint.version, "客户来电").await.unwrap();
        let done = follow_ups.done(&chen(TUESDAY), &planned.id, 1, annoyed("还没修好")).await.unwrap();
        assert_eq!(done.reopening, Some(Reopening::Settled));
        let now = complaints.file(&chen(TUESDAY), &complaint.id).await.unwrap();
        assert_eq!(now.complaint.round, 2);
    }

    async fn whoever_may_not_handle_complaints_reopens_by_what_the_customer_says(db: Db) {
        let (follow_ups, complaint) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let planned = the_one(&db, Kind::AfterResolution).await;
        let mut rep = person("chen", Scope::Own, TUESDAY);
        rep.permissions.remove(&complaints::HANDLE);
        follow_ups.done(&rep, &planned.id, 1, annoyed("没人联系我")).await.unwrap();
        let now = Complaints::new(db.clone()).file(&chen(TUESDAY), &complaint.id).await.unwrap();
        assert_eq!(now.complaint.round, 2);
    }

    async fn a_bad_first_week_is_told_to_the_department(db: Db) {
        let follow_ups = house(&db).await;
        let id = customer(&db, &chen(FRIDAY), "恒源").await;
        ship(&db, FRIDAY, &id, &["2026-11-13"]).await;
        deliver(&db, FRIDAY).await;
        let planned = the_one(&db, Kind::FirstWeek).await;
        let done = follow_ups.done(&chen(FRIDAY), &planned.id, 1, annoyed("等了两天才提货")).await.unwrap();
        assert_eq!(done.reopening, None);
        let heard = Feedback::new(db.clone());
        let notes = heard.list(&chen(FRIDAY), feedback::Which::Waiting, None, None, PageSize(5)).await.unwrap();
        assert_eq!(notes.rows.iter().map(|file| file.note.words.as_str()).collect::<Vec<_>>(), ["等了两天才提货"]);
    }

    async fn whoever_is_not_reached_is_tried_again_on_the_next_workday(db: Db) {
        let (follow_ups, _) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let planned = the_one(&db, Kind::AfterResolution).await;
        let friday = "2026-11-27T04:00:00Z";
        let tried = NotReachedDraft { how: InteractionKind::Call, text: "没人接".into() };
        let later = follow_ups.not_reached(&chen(friday), &planned.id, 1, tried).await.unwrap();
        assert_eq!((later.status, later.tries, later.tried_on), (Status::Planned, 1, Some(day("2026-11-27"))));
        assert_eq!(later.planned_on, day("2026-11-30"));
        assert!(listed(&follow_ups, &chen(friday), Which::Due).await.is_empty());
        assert_eq!(listed(&follow_ups, &chen("2026-11-30T02:00:00Z"), Which::Due).await, [planned.id.0]);
    }

    async fn nobody_skips_without_a_reason(db: Db) {
        let (follow_ups, _) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let planned = the_one(&db, Kind::AfterResolution).await;
        let skip = |reason: &str| SkipDraft { reason: reason.into() };
        let without = follow_ups.skip(&chen(TUESDAY), &planned.id, 1, skip("  ")).await;
        assert_eq!(why(without), "reason: follow_up-text_missing");
        let skipped = follow_ups.skip(&chen(TUESDAY), &planned.id, 1, skip("客户要求不打扰")).await.unwrap();
        assert_eq!((skipped.status, skipped.skip_reason.as_str()), (Status::Skipped, "客户要求不打扰"));
        let late = follow_ups.done(&chen(TUESDAY), &planned.id, 2, content("好")).await;
        assert_eq!(why(late), "follow_up-not_planned");
    }

    async fn of_two_who_do_the_same_one_the_second_learns_of_it_and_nothing_of_his_is_kept(db: Db) {
        let (follow_ups, _) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let planned = the_one(&db, Kind::AfterResolution).await;
        follow_ups.done(&chen(TUESDAY), &planned.id, 1, content("都好了")).await.unwrap();
        let second = person("li", Scope::All, TUESDAY);
        let done = follow_ups.done(&second, &planned.id, 1, content("没问题")).await;
        assert!(matches!(done, Err(Error::Conflict)));
        let file = follow_ups.get(&second, &planned.id).await.unwrap();
        assert_eq!(file.last_said.iter().filter(|said| said.text == "没问题").count(), 0);
        assert_eq!(file.follow_up.result, "都好了");
    }

    async fn a_strangers_follow_up_is_not_there(db: Db) {
        let (follow_ups, _) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let planned = the_one(&db, Kind::AfterResolution).await;
        let stranger = person("li", Scope::Own, TUESDAY);
        assert!(matches!(follow_ups.get(&stranger, &planned.id).await, Err(Error::NotFound)));
        assert!(matches!(follow_ups.done(&stranger, &planned.id, 1, content("好")).await, Err(Error::NotFound)));
        assert!(listed(&follow_ups, &stranger, Which::Due).await.is_empty());
        for id in ["none", "a\0b"] {
            assert!(matches!(follow_ups.get(&chen(TUESDAY), &FollowUpId(id.into())).await, Err(Error::NotFound)));
        }
    }

    async fn what_is_wrong_with_an_answer_is_told_by_field(db: Db) {
        let (follow_ups, _) = resolved(&db).await;
        deliver(&db, FRIDAY).await;
        let planned = the_one(&db, Kind::AfterResolution).await;
        let drafts = [
            (content(" "), "result: follow_up-text_missing"),
            (DoneDraft { satisfied: Some(6), ..content("好") }, "satisfied: follow_up-satisfied_range"),
            (DoneDraft { next_step: "送样品".into(), ..content("好") }, "next_step_on: follow_up-step_day_missing"),
            (
                DoneDraft { answers: BTreeMap::from([("first_wish".into(), "快".into())]), ..content("好") },
                "answers: follow_up-question_unknown",
            ),
        ];
        for (draft, expected) in drafts {
            assert_eq!(why(follow_ups.done(&chen(TUESDAY), &planned.id, 1, draft).await), expected);
        }
        assert_eq!(the_one(&db, Kind::AfterResolution).await.version, 1);
    }
}
