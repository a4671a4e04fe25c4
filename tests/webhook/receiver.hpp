/// Somebody who has asked for events: an HTTP server in this process that fails as it is told.
#pragma once

#include <ducat/webhook/signature.hpp>

#include <httplib.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ducat::webhook::test {

struct received {
  std::string id;
  std::string body;
  bool is_signed = false; ///< By the secret.
};

class receiver {
public:
  using habit = std::function<int()>; ///< The status of the next answer.

  explicit receiver(std::string secret, std::unique_ptr<httplib::Server> server = nullptr)
      : secret_{std::move(secret)}, first_{std::move(server)} {
    come_back();
  }

  ~receiver() { go_away(); }

  receiver(const receiver&) = delete;
  receiver& operator=(const receiver&) = delete;

  std::string url(const std::string& scheme = "http", const std::string& host = "127.0.0.1") const {
    return scheme + "://" + host + ":" + std::to_string(port_) + "/hook?a=b";
  }

  void answer_with(habit what) {
    const std::lock_guard lock{guard_};
    habit_ = std::move(what);
  }

  /// Nobody listens any more.
  void go_away() {
    server_->stop();
    thread_.join();
    server_.reset();
  }

  /// Listens again where it did.
  void come_back() {
    server_ = first_ ? std::move(first_) : std::make_unique<httplib::Server>();
    server_->Post("/hook", [this](const httplib::Request& request, httplib::Response& response) {
      take(request, response);
    });
    server_->Post("/elsewhere", [this](const httplib::Request&, httplib::Response&) {
      const std::lock_guard lock{guard_};
      followed_ = true;
    });
    if (port_ == 0)
      port_ = server_->bind_to_any_port("127.0.0.1");
    else if (!server_->bind_to_port("127.0.0.1", port_))
      throw std::runtime_error{"the port is not free any more"};
    thread_ = std::thread{[this] { server_->listen_after_bind(); }};
    while (!server_->is_running())
      std::this_thread::yield();
  }

  /// Waits until `is_enough` says so of what was accepted; returns whether it did.
  bool wait(const std::function<bool(const std::vector<received>&)>& is_enough) {
    std::unique_lock lock{guard_};
    return more_.wait_for(lock, std::chrono::seconds{60}, [&] { return is_enough(accepted_); });
  }

  std::vector<received> accepted() const {
    const std::lock_guard lock{guard_};
    return accepted_;
  }

  int requests() const {
    const std::lock_guard lock{guard_};
    return requests_;
  }

  bool has_followed() const {
    const std::lock_guard lock{guard_};
    return followed_;
  }

private:
  void take(const httplib::Request& request, httplib::Response& response) {
    const std::lock_guard lock{guard_};
    ++requests_;
    response.status = habit_ ? habit_() : 200;
    if (response.status == 302)
      response.set_header("Location", "/elsewhere");
    if (response.status < 300) {
      const std::string id = request.get_header_value("webhook-id");
      const std::string at = request.get_header_value("webhook-timestamp");
      const std::string expected =
          at.empty() ? "" : signature_of({id, std::stoull(at), request.body}, secret_);
      const std::string given = " " + request.get_header_value("webhook-signature") + " ";
      accepted_.push_back({id, request.body, given.find(" " + expected + " ") != given.npos});
    }
    more_.notify_all();
  }

  std::string secret_;
  std::unique_ptr<httplib::Server> first_;
  std::unique_ptr<httplib::Server> server_;
  std::thread thread_;
  int port_ = 0;
  mutable std::mutex guard_;
  std::condition_variable more_;
  habit habit_;
  std::vector<received> accepted_;
  int requests_ = 0;
  bool followed_ = false;
};

} // namespace ducat::webhook::test
