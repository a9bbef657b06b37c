// SPDX-License-Identifier: BSD-3-Clause
#include "tests/processes/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <system_error>
#include <thread>

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

struct pipe_ends {
  int read = -1;
  int write = -1;
};

pipe_ends make_pipe() {
  std::array<int, 2> fds{};
  if (::pipe2(fds.data(), O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe2");
  return {fds[0], fds[1]};
}

std::vector<std::string> make_environment(const std::map<std::string, std::string>& wanted) {
  std::vector<std::string> result;
  for (auto name : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"})
    if (auto value = std::getenv(name); value != nullptr && wanted.count(name) == 0)
      result.push_back(std::string{name} + "=" + value);
  for (const auto& [name, value] : wanted)
    result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts)
    result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

} // namespace

struct process::shared {
  mutable std::mutex mutex;
  std::condition_variable changed;
  pid_t pid = -1;
  std::string output;
  std::string errors;
  int open_pipes = 2;
  std::optional<int> exit_code;
  std::vector<std::thread> threads;

  void read_all(int fd, std::string& into) {
    std::array<char, 65536> buffer{};
    while (true) {
      auto count = ::read(fd, buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR)
        continue;
      std::lock_guard lock{mutex};
      if (count <= 0) {
        --open_pipes;
        changed.notify_all();
        break;
      }
      into.append(buffer.data(), static_cast<std::size_t>(count));
      changed.notify_all();
    }
    ::close(fd);
  }

  void reap() {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
      // Interrupted by a signal of the test runner: wait on.
    }
    std::lock_guard lock{mutex};
    exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    changed.notify_all();
  }

  bool wait(const std::string& text, const std::function<bool(const std::string&)>& enough,
            std::chrono::milliseconds deadline) {
    std::unique_lock lock{mutex};
    changed.wait_for(lock, deadline, [&] { return enough(text) || open_pipes == 0; });
    return enough(text);
  }
};

process::process(process_options options) : shared_{std::make_shared<shared>()} {
  auto out = make_pipe();
  auto err = make_pipe();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.write, 1);
  ::posix_spawn_file_actions_adddup2(&actions, err.write, 2);
  auto environment = make_environment(options.environment);
  auto failure = ::posix_spawn(&shared_->pid, options.command.front().c_str(), &actions, nullptr,
                               pointers(options.command).data(), pointers(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(out.write);
  ::close(err.write);
  if (failure != 0) {
    ::close(out.read);
    ::close(err.read);
    throw std::system_error(failure, std::generic_category(), options.command.front());
  }
  auto state = shared_.get();
  shared_->threads.emplace_back([state, fd = out.read] { state->read_all(fd, state->output); });
  shared_->threads.emplace_back([state, fd = err.read] { state->read_all(fd, state->errors); });
  shared_->threads.emplace_back([state] { state->reap(); });
}

process::~process() {
  signal(SIGKILL);
  for (auto& thread : shared_->threads)
    thread.join();
}

bool process::wait_output(const std::function<bool(const std::string&)>& enough, std::chrono::milliseconds deadline) {
  return shared_->wait(shared_->output, enough, deadline);
}

bool process::wait_errors(const std::function<bool(const std::string&)>& enough, std::chrono::milliseconds deadline) {
  return shared_->wait(shared_->errors, enough, deadline);
}

std::optional<std::string> process::first_line(std::chrono::milliseconds deadline) {
  if (!wait_output([](const std::string& text) { return text.find('\n') != std::string::npos; }, deadline))
    return std::nullopt;
  auto text = output();
  return text.substr(0, text.find('\n'));
}

void process::signal(int number) {
  std::lock_guard lock{shared_->mutex};
  if (!shared_->exit_code) // Otherwise the id may belong to somebody else by now.
    ::kill(shared_->pid, number);
}

std::optional<int> process::wait_exit(std::chrono::milliseconds deadline) {
  std::unique_lock lock{shared_->mutex};
  shared_->changed.wait_for(lock, deadline, [&] { return shared_->exit_code && shared_->open_pipes == 0; });
  return shared_->exit_code;
}

std::string process::output() const {
  std::lock_guard lock{shared_->mutex};
  return shared_->output;
}

std::string process::errors() const {
  std::lock_guard lock{shared_->mutex};
  return shared_->errors;
}

int process::id() const noexcept {
  return shared_->pid;
}

std::int64_t process::memory_kib(const std::string& key) const {
  std::ifstream status{"/proc/" + std::to_string(id()) + "/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key + ":"))
      return std::atoll(line.c_str() + key.size() + 1);
  return 0;
}

std::string program(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

bool wait_until(const std::function<bool()>& holds, std::chrono::milliseconds deadline) {
  auto end = std::chrono::steady_clock::now() + deadline;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end)
      return false;
    ::poll(nullptr, 0, 20); // The pace of asking; the deadline decides.
  }
  return true;
}

} // namespace troupe::test
