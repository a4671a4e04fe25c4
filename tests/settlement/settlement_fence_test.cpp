/// Settlement as one service of several nodes: who is not granted it, or not any more, settles
/// nothing.

#include "settlement/settling_node.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/send.hpp>

#include <mutex>

namespace ducat::settlement::test {
namespace {

/// What actors have asked the ledger to commit, and under which grant; 0: none.
class noted_commits {
public:
  void note(const std::optional<fencing_token>& shown, bool was_refused) {
    const std::lock_guard lock{guard_};
    const std::uint64_t epoch = shown ? shown->epoch : 0;
    ++(was_refused ? refused_ : taken_)[epoch];
  }

  using counts = std::map<std::uint64_t, int>;

  counts taken() const {
    const std::lock_guard lock{guard_};
    return taken_;
  }

  counts refused() const {
    const std::lock_guard lock{guard_};
    return refused_;
  }

private:
  mutable std::mutex guard_;
  counts taken_;
  counts refused_;
};

/// The ledger, with its commits noted.
caf::behavior noting(caf::event_based_actor* self, const handle& ledger,
                     const std::shared_ptr<noted_commits>& notes) {
  return {
      [=](const query& asked) { return self->delegate(ledger.current(), asked); },
      [=](const ducat::commit& what) {
        auto promise = self->make_response_promise();
        self->request(ledger.current(), 30s, what)
            .then(
                [=](const committed& done) mutable {
                  notes->note(what.token, false);
                  promise.deliver(done);
                },
                [=](caf::error& why) mutable {
                  if (error_of(why).code == errc::epoch_lost)
                    notes->note(what.token, true);
                  promise.deliver(std::move(why));
                });
        return promise;
      },
  };
}

class SettlementFence : public ::testing::Test {
protected:
  SettlementFence() {
    node_.cut();
    node_.start();
    node_.open();
  }

  /// Grants the group once more.
  std::uint64_t take(std::uint64_t after) {
    return node_
        .ask<grant>("ledger", take_grant{.group = "settlement", .node = "n1", .after = after})
        .value()
        .epoch;
  }

  /// Tells an actor that it serves under that grant.
  void tell(int actor, std::uint64_t epoch) {
    const handle to = node_.get().find("settlement" + std::to_string(actor));
    caf::anon_send(to.current(), granted{.token = {.group = "settlement", .epoch = epoch}});
  }

  void wait_until_refused(std::uint64_t epoch) const {
    while (!notes_->refused().contains(epoch))
      std::this_thread::yield();
  }

  void settle_and_pay_out() {
    node_.wait_until_settled();
    node_.pay_out();
    node_.wait_until_submitted();
  }

  std::shared_ptr<noted_commits> notes_ = std::make_shared<noted_commits>();
  settling_node node_{{.actors = 2,
                       .waits_for_grant = true,
                       .ledger_seen = [notes = notes_](node& n, const handle& ledger,
                                                       std::vector<child_spec>& children) {
                         children.push_back(
                             {.id = "noted", .start = ducat::start(noting, ledger, notes)});
                         return n.find("noted");
                       }}};
};

TEST_F(SettlementFence, OnlyWhoIsGrantedItSettles) {
  const std::uint64_t epoch = take(0);
  tell(0, epoch);
  settle_and_pay_out();
  ASSERT_EQ(notes_->taken().size(), 1U) << "the other one has committed something, too";
  EXPECT_TRUE(notes_->taken().contains(epoch));
}

// The old one sleeps through its succession, and does not know of it when it wakes.
TEST_F(SettlementFence, WhoWasGrantedItBeforeIsRefusedAndRests) {
  const std::uint64_t old = take(0);
  const std::uint64_t now = take(old);
  tell(0, old);
  wait_until_refused(old);
  EXPECT_EQ(node_.settlements().data(0).step(), 0U);
  EXPECT_TRUE(node_.files().empty());
  tell(1, now);
  settle_and_pay_out();
  EXPECT_EQ(notes_->taken().size(), 1U);
  EXPECT_EQ(notes_->refused(), (noted_commits::counts{{old, 1}})) << "it has not tried again";
  EXPECT_EQ(node_.settlements().data_size(), 1);
  const result_of_all all = node_.all();
  EXPECT_EQ(all.recorded.size(), 3U);
  EXPECT_EQ(all.files.size(), 3U);
}

TEST_F(SettlementFence, WhoIsGrantedItAgainGoesOn) {
  const std::uint64_t old = take(0);
  const std::uint64_t now = take(old);
  tell(0, old);
  wait_until_refused(old);
  tell(0, now);
  settle_and_pay_out();
  EXPECT_TRUE(notes_->taken().contains(now));
}

// It lost it in the middle: it has written the files by then, and they are not in the log.
TEST_F(SettlementFence, FilesOfWhoLostItAreRecordedByItsSuccessorOnly) {
  const std::uint64_t old = take(0);
  const std::uint64_t before = fired("settlement.before_record");
  ASSERT_TRUE(arm_fault("settlement.before_record", {.kind = fault_kind::hang, .lease = 600s}));
  tell(0, old);
  while (fired("settlement.before_record") == before)
    std::this_thread::yield();
  const auto files = node_.files();
  const std::uint64_t now = take(old);
  ASSERT_TRUE(disarm_fault("settlement.before_record"));
  wait_until_refused(old);
  EXPECT_TRUE(node_.settlements().data(0).files().empty());
  tell(1, now);
  node_.wait_until_settled();
  EXPECT_EQ(node_.files(), files);
  EXPECT_EQ(node_.settlements().data(0).files_size(), 1);
}

} // namespace
} // namespace ducat::settlement::test
