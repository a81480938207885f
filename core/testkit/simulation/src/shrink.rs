//! Making a plan that fails short: what can be left out without its failing otherwise is left out.

use crate::plan::Step;

/// The shortest plan found that still fails in the same way, with at most so many tries.
#[must_use]
pub fn shrink(plan: Vec<Step>, tries: u32, fails: impl Fn(&[Step]) -> bool) -> Vec<Step> {
    let mut plan = plan;
    let mut left = tries;
    let mut length = plan.len() / 2;
    while length > 0 {
        let mut at = 0;
        while at < plan.len() {
            if left == 0 {
                return plan;
            }
            left -= 1;
            let end = plan.len().min(at + length);
            let shorter: Vec<Step> = plan[..at].iter().chain(&plan[end..]).cloned().collect();
            if fails(&shorter) {
                plan = shorter;
            } else {
                at = end;
            }
        }
        length /= 2;
    }
    plain(plan, left, &fails)
}

/// Takes crashes and what happens meanwhile out of what is left, where they do not matter.
fn plain(mut plan: Vec<Step>, mut left: u32, fails: &impl Fn(&[Step]) -> bool) -> Vec<Step> {
    for at in 0..plan.len() {
        for part in 0..2 {
            let mut simpler = plan.clone();
            let changed = match &mut simpler[at] {
                Step::Pump { meanwhile, .. } if part == 0 => !std::mem::take(meanwhile).is_empty(),
                Step::Deliver { crash, .. }
                | Step::Act { crash, .. }
                | Step::Pump { crash, .. }
                | Step::Advance { crash, .. }
                | Step::Fetch { crash, .. }
                | Step::Erase { crash, .. }
                    if part == 1 =>
                {
                    crash.take().is_some()
                }
                _ => false,
            };
            if changed && left > 0 {
                left -= 1;
                if fails(&simpler) {
                    plan = simpler;
                }
            }
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_matter_is_left_out() {
        let plan: Vec<Step> = (0..100).map(|seconds| Step::Wait { seconds }).collect();
        let needs = |plan: &[Step]| [13, 57].iter().all(|seconds| plan.contains(&Step::Wait { seconds: *seconds }));
        assert_eq!(shrink(plan, 10_000, needs), [Step::Wait { seconds: 13 }, Step::Wait { seconds: 57 }]);
    }
}
