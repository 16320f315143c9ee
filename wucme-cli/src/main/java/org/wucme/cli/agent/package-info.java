/** The agent: a process that takes care of a store for as long as it lives. wµCME calls it "wuCME-active". */
@NullMarked
package org.wucme.cli.agent;

import org.jspecify.annotations.NullMarked;
