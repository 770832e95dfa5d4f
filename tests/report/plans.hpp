// The plans of the runs in story.hpp.
#pragma once
#include "plan/plan.hpp"

namespace muster::test {

/// Kill a primary, ask where to restore to, restore, switch the front door, wait for the clients.
plan::Plan primary_loss();
/// Two backups brought back and removed again; nobody is disrupted.
plan::Plan restore_test();

}  // namespace muster::test
