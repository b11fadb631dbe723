/// Others' Java clients of OpenAI's API against a gateway of ours. `conformance/openai/run java`
/// starts that gateway, and the scripted upstream behind it (`fake_upstream.py`), and says in the
/// environment where they are.
@org.jspecify.annotations.NullMarked
package dev.tidemill.conformance.openai;
