//! Puts the modules together. The only place that knows all of them.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use access::Access;
use access::identify::{Identify, Outside, identify};
use access::seal::key_file;
use approvals::Approvals;
use attachments::Attachments;
use axum::Router;
use axum::http::Method;
use axum::middleware;
use base::{Error, Permission};
use calendar::Calendars;
use claims::Claims;
use complaints::{Complaints, Desk};
use customers::Customers;
use db::Db;
use exceptions::Exceptions;
use exchange::{Imports, Reader};
use feedback::Feedback;
use follow_ups::FollowUps;
use lifecycle::Lifecycle;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use module::{ImportKind, Job, Listener, Module, Route};
use service_reports::ServiceReports;
use shipments::Shipments;
use texts::{Locales, Texts};
use web::Shell;
use worklist::Worklist;

use crate::grants::grants;
use crate::jobs::{CheckpointLog, SealAudit};
use crate::{health, home, openapi, router, settings};

/// Seals what must not be read from the database alone.
const KEY_FILE: &str = "secret.key";

/// Where the program stands on this machine.
#[derive(Clone, Debug)]
pub struct Ground {
    /// Uploads and the key file lie here.
    pub data: PathBuf,
    /// Program and arguments of the reader of uploaded files.
    pub worker: Vec<OsString>,
}

impl Ground {
    /// # Errors
    /// `Unavailable` when the system does not tell which program runs.
    pub fn at(data: &Path) -> Result<Self, Error> {
        let own = std::env::current_exe().map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self { data: data.to_path_buf(), worker: vec![own.into_os_string(), "worker".into()] })
    }
}

/// All modules, taken apart into what the program needs.
pub struct Program {
    pub access: Access,
    pub imports: Imports,
    pub attachments: Attachments,
    pub shell: Arc<Shell>,
    pub listeners: Vec<Arc<dyn Listener>>,
    pub jobs: Vec<Arc<dyn Job>>,
    pub import_kinds: Vec<Arc<dyn ImportKind>>,
    pub permissions: Vec<Permission>,
    routes: Vec<Route>,
    /// Operations of the API that take no query.
    without_query: BTreeSet<(String, String)>,
}

/// Also writes the built-in roles when they are missing, and the key file.
///
/// # Errors
/// When the database or the data folder refuses; broken texts are our mistake.
pub async fn assemble(db: &Db, ground: &Ground) -> Result<Program, Error> {
    let access = Access::new(db.clone(), key_file(&ground.data.join(KEY_FILE))?);
    let customers = Customers::new(db.clone());
    let imports = Imports::new(db.clone(), &ground.data, Reader::new(ground.worker.clone()));
    let attachments = Attachments::new(db.clone(), &ground.data);
    let desk = Desk { attachments: attachments.clone(), reader: imports.reader().clone() };
    let approvals = approvals(db);
    let worklist = Arc::new(Worklist::new(db.clone()));
    let mut modules = vec![
        home::module(),
        health::module(db.clone(), metrics()),
        worklist::module(worklist.clone()),
        customers::module(customers.clone()),
        lifecycle::module(Lifecycle::new(db.clone())),
        approvals::module(approvals),
        shipments::module(Shipments::new(db.clone())),
        exceptions::module(Exceptions::new(db.clone())),
        complaints::module(Complaints::new(db.clone()).with(desk)),
        claims::module(Claims::new(db.clone(), attachments.clone())),
        service_reports::module(&ServiceReports::new(db.clone())),
        follow_ups::module(FollowUps::new(db.clone(), Complaints::new(db.clone()))),
        attachments::module(attachments.clone()),
        feedback::module(Feedback::new(db.clone())),
        exchange::module(imports.clone()),
        calendar::module(Calendars::new(db.clone())),
        access::module(access.clone()),
    ];
    let policies = take_all(&mut modules, |module| &mut module.settings);
    modules.push(settings::module(db.clone(), policies));
    let without_query = describe(&mut modules);

    let permissions = take_all(&mut modules, |module| &mut module.permissions);
    access.know(permissions.clone());
    access.ensure_roles(&grants(), base::now()).await?;
    access.name_records(take_all(&mut modules, |module| &mut module.records));
    worklist.gather_from(take_all(&mut modules, |module| &mut module.reasons));
    let panels = take_all(&mut modules, |module| &mut module.panels);
    customers.extend(panels, take_all(&mut modules, |module| &mut module.timeline));
    let import_kinds = take_all(&mut modules, |module| &mut module.import_kinds);
    imports.extend(import_kinds.clone());
    let menu = take_all(&mut modules, |module| &mut module.menu);
    let listeners = take_all(&mut modules, |module| &mut module.listeners);
    let mut jobs = own_jobs(db);
    jobs.extend(take_all(&mut modules, |module| &mut module.jobs));
    let texts = texts(modules.iter().filter_map(|module| module.locales))?.into();
    let routes = modules.into_iter().flat_map(|module| module.routes.into_all()).collect();
    let shell = Arc::new(Shell { texts, menu });
    Ok(Program {
        access,
        imports,
        attachments,
        shell,
        listeners,
        jobs,
        import_kinds,
        permissions,
        routes,
        without_query,
    })
}

/// Everything that can be said with these and the crates that are no modules.
///
/// # Errors
/// Broken texts are our mistake.
pub fn texts(of_modules: impl IntoIterator<Item = Locales>) -> Result<Texts, Error> {
    let own = [web::locales(), backup::locales()];
    Texts::load(own.into_iter().chain(of_modules)).map_err(|error| Error::Bug(error.to_string()))
}

/// With all that may need a second person.
fn approvals(db: &Db) -> Approvals {
    let approvals = Approvals::new(db.clone());
    approvals.know([complaints::COMPENSATION, claims::PAYOUT]);
    approvals
}

/// Adds the description of all interfaces; which of their operations take no query.
fn describe(modules: &mut Vec<Module>) -> BTreeSet<(String, String)> {
    let documents: Vec<_> = modules.iter().filter_map(|module| module.openapi.clone()).collect();
    modules.push(openapi::module(&documents));
    openapi::without_query(&openapi::document(&documents))
}

fn own_jobs(db: &Db) -> Vec<Arc<dyn Job>> {
    vec![Arc::new(SealAudit { db: db.clone() }), Arc::new(CheckpointLog { db: db.clone() })]
}

/// What all modules have of one thing, in the order of the modules.
fn take_all<T>(modules: &mut [Module], of: fn(&mut Module) -> &mut Vec<T>) -> Vec<T> {
    modules.iter_mut().flat_map(|module| std::mem::take(of(module))).collect()
}

impl Program {
    /// `secure`: the outside speaks https.
    pub fn router(&self, secure: bool, outside: Outside) -> Router {
        let state = Identify { access: self.access.clone(), secure, outside };
        router::build(self.routes.clone(), &self.without_query, self.shell.clone(), secure, |inside| {
            inside.layer(middleware::from_fn_with_state(state, identify))
        })
    }

    /// Every route that exists.
    pub fn registered(&self) -> Vec<(Method, &'static str)> {
        self.routes.iter().map(|route| (route.method.clone(), route.path)).collect()
    }
}

/// The recorder is one for the whole process; tests assemble the program more than once.
fn metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            // Fails only when another recorder is there already; then these figures stay empty.
            let _ = metrics::set_global_recorder(recorder);
            handle
        })
        .clone()
}
