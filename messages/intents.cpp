// SPDX-License-Identifier: BSD-3-Clause
#include "messages/intents.hpp"
