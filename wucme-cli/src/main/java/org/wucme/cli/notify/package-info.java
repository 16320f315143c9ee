/** Tells an administrator what a manager did: by mail, syslog, webhook and command. */
@NullMarked
package org.wucme.cli.notify;

import org.jspecify.annotations.NullMarked;
