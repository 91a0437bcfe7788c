//! Ready records for tests and the demo.

use base::{CustomerId, DepartmentId};

use crate::forms::{ComplaintDraft, SolutionDraft, StepDraft};
use crate::words::{Category, Channel, Severity, Step};

/// Somebody rang because his furniture came with broken cartons.
pub fn draft(customer: &CustomerId, department: &DepartmentId) -> ComplaintDraft {
    ComplaintDraft {
        customer: customer.clone(),
        department: Some(department.clone()),
        contact: None,
        channel: Channel::Phone,
        category: Category::Damage,
        severity: Severity::Normal,
        express: false,
        words: "到许昌后发现纸箱破损，两件家具磕掉了角。".into(),
        wish: "赔偿并改打木箱".into(),
        received_at: None,
        owner: None,
        waybills: Vec::new(),
        repeat_of: None,
    }
}

/// A step done by telephone.
pub fn step(step: Step) -> StepDraft {
    StepDraft {
        step,
        skip_reason: String::new(),
        text: String::new(),
        told: "已告知客户。".into(),
        told_how: Some(Channel::Phone),
        told_at: None,
        answer: None,
        close_reason: String::new(),
    }
}

/// A solution of this price in CNY; empty for none.
pub fn solution(compensation: &str) -> SolutionDraft {
    SolutionDraft {
        solution: "免费修复并改打木箱".into(),
        extra: String::new(),
        compensation: compensation.into(),
        currency: None,
    }
}
