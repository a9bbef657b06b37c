// SPDX-License-Identifier: BSD-3-Clause
// Public names have a comment. A `///` comment covers the paragraph below it, up to the next empty line, and the
// comment of a type covers its first paragraph. Lines are read, C++ is not parsed: constructors, operators, overrides
// and the handlers of actors (which interfaces.hpp documents) are left out.
#include "tests/catch.hpp"
#include "tests/tidy/tree.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace troupe::tidy;

namespace {

/// What the braces around a line mean.
struct scope {
  enum class kind { names, type, body };
  kind what = kind::names;
  /// For types: whether what follows is public.
  bool is_public = true;
  std::string name;
};

std::string trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  auto last = text.find_last_not_of(" \t");
  return std::string{text.substr(first, last - first + 1)};
}

/// The line without comments and without what stands between quotes.
std::string code_of(const std::string& line) {
  std::string code;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    auto c = line[i];
    if (quote != 0) {
      if (c == '\\')
        ++i;
      else if (c == quote)
        quote = 0;
    } else if (c == '"') {
      quote = c;
    } else if (line.compare(i, 2, "//") == 0) {
      break;
    } else if (c == '\'' && (i == 0 || std::isdigit(static_cast<unsigned char>(line[i - 1])) == 0)) {
      quote = c;
    } else {
      code += c;
    }
  }
  return trimmed(code);
}

bool has_word(const std::string& text, const std::string& word) {
  auto is_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (auto found = text.find(word); found != std::string::npos; found = text.find(word, found + 1)) {
    auto end = found + word.size();
    if ((found == 0 || !is_name(text[found - 1])) && (end == text.size() || !is_name(text[end])))
      return true;
  }
  return false;
}

scope opened_by(const std::string& statement) {
  for (const auto* word : {"struct", "class", "enum", "union"}) {
    if (!has_word(statement, word) || statement.find('(') != std::string::npos)
      continue;
    auto head = trimmed(statement.substr(0, statement.find(" :")));
    auto is_class = has_word(statement, "class") && !has_word(statement, "enum");
    return {scope::kind::type, !is_class, head.substr(head.rfind(' ') + 1)};
  }
  if (has_word(statement, "namespace"))
    return {scope::kind::names, true, {}};
  return {scope::kind::body, false, {}};
}

/// Whether a declaration that begins with this line speaks for itself.
bool needs_no_comment(const std::string& code, const scope& around) {
  constexpr std::array<std::string_view, 5> starts{"namespace", "friend", "BOOST_", "CAF_", "static_assert"};
  constexpr std::array<std::string_view, 4> parts{"operator", " override", "= default", "= delete"};
  if (std::any_of(starts.begin(), starts.end(), [&](auto start) { return code.starts_with(start); })
      || std::any_of(parts.begin(), parts.end(), [&](auto part) { return code.find(part) != std::string::npos; }))
    return true;
  auto is_function = code.find('(') != std::string::npos;
  if (!is_function && code.ends_with(';') && (code.starts_with("struct ") || code.starts_with("class ")))
    return true; // A declaration ahead.
  if (around.what != scope::kind::type)
    return false;
  auto is_constructor = code.starts_with(around.name + "(") || code.starts_with("explicit " + around.name + "(")
                        || code.starts_with("~") || code.starts_with("virtual ~");
  if (is_constructor)
    return true;
  // An actor's state: its name for CAF, itself, and a method per message.
  return around.name.ends_with("_state")
         && (is_function || code.ends_with(" self;") || code.find("* name = ") != std::string::npos);
}

/// Reads one header and collects what has no comment.
class reader {
public:
  reader(const file& header, findings& found) : header_{header}, found_{found} {
    // nop
  }

  void read() {
    for (std::size_t i = 0; i < header_.lines.size(); ++i)
      read_line(i);
  }

private:
  void read_line(std::size_t index) {
    auto line = trimmed(header_.lines[index]);
    if (line.empty())
      covered_ = false;
    if (line.starts_with("///"))
      covered_ = true;
    auto code = code_of(header_.lines[index]);
    if (code.empty() || code.front() == '#')
      return;
    if (code == "public:" || code == "private:" || code == "protected:") {
      scopes_.back().is_public = code == "public:";
      return;
    }
    auto trailing = line.find("///<") != std::string::npos;
    const auto& around = scopes_.back();
    // The fields of Discord's objects are Discord's: its documentation explains them.
    auto is_discords = header_.is_in("messages/discord") && around.what == scope::kind::type;
    if (statement_.empty() && !is_discords && around.what != scope::kind::body && around.is_public
        && code.front() != '}' && !covered_ && !trailing && !needs_no_comment(code, around))
      found_.add(header_, index, "no comment: " + code);
    consume(code);
  }

  void consume(const std::string& code) {
    for (auto c : code) {
      if (c == '{') {
        auto next = opened_by(statement_);
        next.is_public = next.is_public && scopes_.back().is_public;
        scopes_.push_back(std::move(next));
        statement_.clear();
      } else if (c == '}') {
        if (scopes_.size() > 1)
          scopes_.pop_back();
        statement_.clear();
      } else if (c == ';') {
        statement_.clear();
      } else {
        statement_ += c;
      }
    }
    statement_ = trimmed(statement_);
    // Macros end with their parenthesis.
    if (statement_.starts_with("BOOST_") || statement_.starts_with("CAF_"))
      if (std::count(statement_.begin(), statement_.end(), '(')
          == std::count(statement_.begin(), statement_.end(), ')'))
        statement_.clear();
    if (!statement_.empty())
      statement_ += ' ';
  }

  const file& header_;
  findings& found_;
  std::vector<scope> scopes_{scope{}};
  std::string statement_;
  bool covered_ = false;
};

std::string undocumented(const std::vector<std::string>& lines) {
  file made{"made.hpp", lines};
  findings found;
  reader{made, found}.read();
  return found.text;
}

} // namespace

TEST_CASE("the reader of comments finds what has none", "[tidy]") {
  CHECK(undocumented({"struct naked {", "  int x = 0;", "};"})
        == "made.hpp:1: no comment: struct naked {\n"
           "made.hpp:2: no comment: int x = 0;\n");
  CHECK(undocumented({"/// Dressed.", "struct dressed {", "  int x = 0;", "};"}).empty());
  CHECK(undocumented({"/// Half.", "class half {", "public:", "  half();", "", "  int get() const;",
                      "private:", "  int x_;", "};"})
        == "made.hpp:6: no comment: int get() const;\n");
  CHECK(undocumented({"int f();"}) == "made.hpp:1: no comment: int f();\n");
  CHECK(undocumented({"int x; ///< A number."}).empty());
  CHECK(
    undocumented({"struct ahead;", "BOOST_DESCRIBE_STRUCT(a, (),", "  (b))", "", "/// F.", "int f(int a,", "  int b);"})
      .empty());
}

TEST_CASE("public names in headers have a comment", "[tidy]") {
  findings wrong;
  for (const auto& file : all_files()) {
    // The inside of one source or two is no public name.
    auto is_inner = file.path.ends_with("_impl.hpp") || file.path == "runtime/codec/describe_json.hpp";
    if (file.is_header() && !is_inner && (file.is_in("messages") || file.is_in("runtime") || file.is_in("actors")))
      reader{file, wrong}.read();
  }
  CHECK(none(wrong));
}
