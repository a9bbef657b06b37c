// SPDX-License-Identifier: BSD-3-Clause
// The compiled parts of Asio and Beast. Everybody else uses them header-only but without bodies: this file is slow so
// that the others are not.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
