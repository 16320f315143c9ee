/** What the standalone servers share: a port opened when needed, and threads with limited time. */
@NullMarked
package org.wucme.challenges.internal;

import org.jspecify.annotations.NullMarked;
