//! Whoever manages users without being an administrator comes by nothing that he does not reach himself.

use access::rules::Rights;
use access::{Access, DEPARTMENTS, KEYS, NewUser, ROLES, Reach, Reaches, RoleId, USERS, UserChange};
use base::{Actor, DepartmentId, Error, UserId};

use crate::{VIEW, actor, boss, ready};

struct House {
    access: Access,
    east: DepartmentId,
    west: DepartmentId,
}

impl House {
    async fn build(db: db::Db) -> Self {
        let access = ready(db).await;
        let east = access.create_department(&boss(), "East", None).await.unwrap();
        let west = access.create_department(&boss(), "West", None).await.unwrap();
        Self { access, east, west }
    }

    async fn role(&self, name: &str, rights: &[(&str, Reach)]) -> RoleId {
        let rights: Rights = rights.iter().map(|(name, reach)| ((*name).to_owned(), *reach)).collect();
        self.access.create_role(&boss(), name, &rights).await.unwrap()
    }

    async fn person(&self, login: &str, department: &DepartmentId, role: &RoleId) -> UserId {
        let new = someone(login, Some(department), role);
        self.access.create_user(&boss(), new).await.unwrap()
    }

    /// Manages users and departments; sees customers as far as told.
    async fn clerk(&self, sees: Reach) -> Actor {
        let manages = [(USERS.0, Reach::All), (DEPARTMENTS.0, Reach::All), (KEYS.0, Reach::All), (VIEW.0, sees)];
        let id = self.person("clerk", &self.east, &self.role("Clerk", &manages).await).await;
        actor(&self.access, &id).await
    }

    async fn change_of(&self, id: &UserId) -> UserChange {
        let (user, roles) = self.access.user(&boss(), id).await.unwrap();
        UserChange { roles, ..UserChange::from(&user) }
    }

    async fn moved(&self, by: &Actor, id: &UserId, to: &DepartmentId) -> Result<(), Error> {
        let change = UserChange { department: Some(to.clone()), ..self.change_of(id).await };
        self.access.change_user(by, id, change).await
    }
}

fn someone(login: &str, department: Option<&DepartmentId>, role: &RoleId) -> NewUser {
    NewUser {
        name: login.into(),
        login: login.into(),
        department: department.cloned(),
        roles: vec![role.clone()],
        ..NewUser::default()
    }
}

fn is_refused<T: std::fmt::Debug>(answer: Result<T, Error>) {
    assert_eq!(answer.unwrap_err().code(), "access-grants_more");
}

db::db_tests! {
    async fn who_reaches_a_record_is_known_without_asking_him(db: Db) {
        let house = House::build(db.clone()).await;
        let below = house.access.create_department(&boss(), "East 1", Some(house.east.clone())).await.unwrap();
        let sales = house.role("Sales", &[(VIEW.0, Reach::Own)]).await;
        let lead = house.role("Lead", &[(VIEW.0, Reach::Department)]).await;
        let zhang = house.person("zhang", &below, &sales).await;
        let li = house.person("li", &house.east, &lead).await;
        let wang = house.person("wang", &house.west, &house.role("All", &[(VIEW.0, Reach::All)]).await).await;
        let clerk = house.person("clerk", &house.west, &house.role("Clerk", &[(USERS.0, Reach::All)]).await).await;
        let reaches = Reaches::of(db.read(), VIEW).await.unwrap();
        let of_zhang = |user| reaches.reach(user, Some(&zhang), Some(&below));
        assert!(of_zhang(&zhang) && of_zhang(&li) && of_zhang(&wang));
        assert!(!of_zhang(&clerk) && !of_zhang(&UserId("nobody".into())));
        assert!(!reaches.reach(&zhang, Some(&li), Some(&below)), "his department is not his reach");
        assert!(!reaches.reach(&li, Some(&wang), Some(&house.west)) && reaches.reach(&li, Some(&li), None));
        let gone = UserChange { status: access::user::Status::Disabled, ..house.change_of(&zhang).await };
        house.access.change_user(&boss(), &zhang, gone).await.unwrap();
        assert!(!Reaches::of(db.read(), VIEW).await.unwrap().reach(&zhang, Some(&zhang), Some(&below)));
    }

    async fn nobody_signs_in_as_a_colleague_whose_rows_are_not_his(db: Db) {
        let house = House::build(db).await;
        let sales = house.role("Sales", &[(VIEW.0, Reach::Own)]).await;
        let colleague = house.person("zhang", &house.east, &sales).await;
        let clerk = house.clerk(Reach::Own).await;
        is_refused(house.access.create_link(&clerk, &colleague).await);
        is_refused(house.access.create_key(&clerk, &colleague, "x", &[VIEW.0], clerk.today()).await);
        is_refused(house.access.reset_code(&clerk, &colleague).await);
        house.access.create_link(&clerk, clerk.user_id().unwrap()).await.unwrap();
    }

    async fn a_head_of_department_makes_links_for_his_own_people_only(db: Db) {
        let house = House::build(db).await;
        let sales = house.role("Sales", &[(VIEW.0, Reach::Own)]).await;
        let head = house.role("Head", &[(VIEW.0, Reach::Department)]).await;
        let clerk = house.clerk(Reach::Department).await;
        let near = house.person("near", &house.east, &sales).await;
        let head_near = house.person("head-near", &house.east, &head).await;
        let far = house.person("far", &house.west, &sales).await;
        let head_far = house.person("head-far", &house.west, &head).await;
        house.access.create_link(&clerk, &near).await.unwrap();
        house.access.create_link(&clerk, &head_near).await.unwrap();
        is_refused(house.access.create_link(&clerk, &far).await);
        is_refused(house.access.create_link(&clerk, &head_far).await);
        let nowhere = house.access.create_user(&boss(), someone("nowhere", None, &sales)).await.unwrap();
        is_refused(house.access.create_link(&clerk, &nowhere).await);
    }

    async fn nobody_moves_himself_to_another_department(db: Db) {
        let house = House::build(db).await;
        let clerk = house.clerk(Reach::Department).await;
        let own = clerk.user_id().unwrap();
        let refused = house.moved(&clerk, own, &house.west).await.unwrap_err();
        assert_eq!(refused.code(), "access-own_department");
        let administrator = crate::somebody(&house.access, "boss", "administrator").await;
        let chief = actor(&house.access, &administrator).await;
        house.moved(&chief, &administrator, &house.west).await.unwrap();
    }

    async fn nobody_puts_a_friend_where_there_is_more_to_see(db: Db) {
        let house = House::build(db).await;
        let head = house.role("Head", &[(VIEW.0, Reach::Department)]).await;
        let clerk = house.clerk(Reach::Department).await;
        let friend = house.person("friend", &house.east, &head).await;
        is_refused(house.moved(&clerk, &friend, &house.west).await);
        is_refused(house.access.create_user(&clerk, someone("new", Some(&house.west), &head)).await);
        house.access.create_user(&clerk, someone("new", Some(&house.east), &head)).await.unwrap();
        let rep = house.person("rep", &house.west, &house.role("Sales", &[(VIEW.0, Reach::Own)]).await).await;
        let mut change = house.change_of(&rep).await;
        change.roles = vec![head];
        is_refused(house.access.change_user(&clerk, &rep, change).await);
    }

    async fn nobody_changes_a_role_that_counts_in_a_department_beyond_his_own(db: Db) {
        let house = House::build(db).await;
        let manages = [(USERS.0, Reach::All), (ROLES.0, Reach::All), (VIEW.0, Reach::Department)];
        let role = house.role("Head of East", &manages).await;
        let head = house.person("head", &house.east, &role).await;
        let head = actor(&house.access, &head).await;
        let [narrow, wide] = [Reach::Own, Reach::Department].map(|reach| Rights::from([(VIEW.0.to_owned(), reach)]));
        let change = async |role: &RoleId, version, rights: &Rights| {
            house.access.change_role(&head, role, version, "Sales", rights).await
        };
        let both = house.role("Sales", &[(VIEW.0, Reach::Own)]).await;
        house.person("near", &house.east, &both).await;
        change(&both, 1, &wide).await.unwrap();
        change(&both, 2, &narrow).await.unwrap();
        house.person("far", &house.west, &both).await;
        is_refused(change(&both, 3, &wide).await);
        change(&both, 3, &narrow).await.unwrap();
        let theirs = house.role("Head of West", &[(VIEW.0, Reach::Department)]).await;
        house.person("far-head", &house.west, &theirs).await;
        is_refused(change(&theirs, 1, &narrow).await);
        house.access.change_role(&boss(), &both, 4, "Sales", &wide).await.unwrap();
    }

    async fn nobody_hangs_another_department_below_his_own(db: Db) {
        let house = House::build(db).await;
        let clerk = house.clerk(Reach::Department).await;
        let hang = async |by: &Actor, what: &DepartmentId, version, below: Option<&DepartmentId>| {
            house.access.change_department(by, what, version, "Renamed", below.cloned()).await
        };
        is_refused(hang(&clerk, &house.west, 1, Some(&house.east)).await);
        hang(&clerk, &house.west, 1, None).await.unwrap();
        let branch = house.access.create_department(&clerk, "Branch", Some(house.east.clone())).await.unwrap();
        let desk = house.access.create_department(&clerk, "Desk", Some(house.east.clone())).await.unwrap();
        let clerk = actor(&house.access, clerk.user_id().unwrap()).await;
        hang(&clerk, &desk, 1, Some(&branch)).await.unwrap();
        hang(&boss(), &house.west, 2, Some(&house.east)).await.unwrap();
    }
}
