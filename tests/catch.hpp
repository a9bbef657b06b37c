// SPDX-License-Identifier: BSD-3-Clause
// Catch2, whichever major version the system has (2 on Debian 12, 3 on Debian 13).
#pragma once

#if __has_include(<catch2/catch_test_macros.hpp>)
#  include <catch2/catch_message.hpp>
#  include <catch2/catch_template_test_macros.hpp>
#  include <catch2/catch_test_macros.hpp>
#  include <catch2/generators/catch_generators.hpp>
#  include <catch2/generators/catch_generators_range.hpp>
#else
#  include <catch2/catch.hpp>
#endif
