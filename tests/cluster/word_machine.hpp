/// A machine that remembers each word once.
#pragma once

#include <ducat/machine.hpp>

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ducat::testing {

/// When word machines could keep their state: the entries that they were told of.
using settled_entries = std::vector<std::uint64_t>;

class word_machine final : public machine {
public:
  /// `keeps`: whether it keeps its state elsewhere each time that it can.
  word_machine(std::shared_ptr<settled_entries> settled, bool keeps)
      : settled_{std::move(settled)}, keeps_{keeps} {}

  /// Makes it one that begins with `words` as the state of the entry `begin`.
  static std::unique_ptr<word_machine> beginning_with(std::set<std::string> words,
                                                      const receipt& begin) {
    auto made = std::make_unique<word_machine>(std::make_shared<settled_entries>(), false);
    made->kept_ = begin;
    made->words_ = std::move(words);
    return made;
  }

  std::optional<std::string> answer_without_commit(std::string_view command) const override {
    return words_.contains(std::string{command}) ? std::optional<std::string>{"known"}
                                                 : std::nullopt;
  }

  std::string apply(const position&, std::string_view command) override {
    words_.emplace(command);
    return "new";
  }

  receipt durable_to() const override { return kept_; }

  void committed(const receipt& newest, const grant_map&) override {
    settled_->push_back(newest.index);
    if (keeps_)
      kept_ = newest;
  }

  /// Returns all words, in their order.
  std::string query(std::string_view) const override {
    std::string all;
    for (const std::string& word : words_)
      all += (all.empty() ? "" : " ") + word;
    return all;
  }

  digest state_digest() const override { return sha256({query({})}); }

private:
  std::shared_ptr<settled_entries> settled_;
  bool keeps_;
  receipt kept_;
  std::set<std::string> words_;
};

} // namespace ducat::testing
