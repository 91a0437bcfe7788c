//! The one registry of routes. A route that is not in it does not exist; each says who may call it.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use base::Permission;

/// Who may call a route. Whether he may see the record behind it is the service's matter (404, not 403).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, signed in or not.
    Public,
    SignedIn,
    Needs(Permission),
}

/// How the route answers when something goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Page,
    Json,
}

#[derive(Clone, Debug)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    pub face: Face,
    handler: MethodRouter,
}

impl Route {
    /// The handler with nothing around it; the program puts the access check on.
    pub fn handler(self) -> MethodRouter {
        self.handler
    }
}

/// A module's routes.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    all: Vec<Route>,
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    /// `routes.add(Method::GET, "/customers", Access::Needs(VIEW), pages::list, service.clone())`
    ///
    /// The face follows from the path: `/api/…` and `*.json` answer programs.
    #[must_use]
    pub fn add<H, T, S>(mut self, method: Method, path: &'static str, access: Access, handler: H, state: S) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
        S: Clone + Send + Sync + 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
        let face = match path.starts_with("/api/") || path.ends_with(".json") {
            true => Face::Json,
            false => Face::Page,
        };
        let handler = on(filter, handler).with_state(state);
        self.all.push(Route { method, path, access, face, handler });
        self
    }

    #[must_use]
    pub fn get<H, T, S>(self, path: &'static str, access: Access, handler: H, state: &S) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
        S: Clone + Send + Sync + 'static,
    {
        self.add(Method::GET, path, access, handler, state.clone())
    }

    #[must_use]
    pub fn post<H, T, S>(self, path: &'static str, access: Access, handler: H, state: &S) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
        S: Clone + Send + Sync + 'static,
    {
        self.add(Method::POST, path, access, handler, state.clone())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.all.iter()
    }

    pub fn into_all(self) -> Vec<Route> {
        self.all
    }

    /// A router of these routes alone, without access checks: for a module's own tests.
    pub fn into_router(self) -> Router {
        self.all.into_iter().fold(Router::new(), |router, route| router.route(route.path, route.handler))
    }
}
