// What Swift cannot call: libcurl's variadic setters and getters, a message with a union in it, and the name of a thread.
// No nullability annotations on purpose: one would make clang want all of them.
#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

#include <curl/curl.h>
#include <stddef.h>

typedef size_t (*ccurl_data_callback)(char *data, size_t size, size_t count, void *context);
typedef int (*ccurl_seek_callback)(void *context, curl_off_t offset, int origin);
typedef int (*ccurl_prereq_callback)(void *context, char *remote_ip, char *local_ip, int remote_port, int local_port);

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_off_t(CURL *easy, CURLoption option, curl_off_t value);
CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode ccurl_set_slist(CURL *easy, CURLoption option, struct curl_slist *value);
// libcurl keeps a copy of the bytes.
CURLcode ccurl_set_blob(CURL *easy, CURLoption option, const void *bytes, size_t count);

CURLcode ccurl_set_header_callback(CURL *easy, ccurl_data_callback callback, void *context);
CURLcode ccurl_set_write_callback(CURL *easy, ccurl_data_callback callback, void *context);
CURLcode ccurl_set_read_callback(CURL *easy, ccurl_data_callback callback, void *context);
CURLcode ccurl_set_seek_callback(CURL *easy, ccurl_seek_callback callback, void *context);
CURLcode ccurl_set_prereq_callback(CURL *easy, ccurl_prereq_callback callback, void *context);

// Do not wait for a name lookup that is still running when its transfer ends. Nothing on a libcurl before 7.87.
void ccurl_set_quick_exit(CURL *easy);

long ccurl_get_long(CURL *easy, CURLINFO info);

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);
// The next finished transfer (its easy handle and its CURLOPT_PRIVATE), or NULL when there is none.
CURL *ccurl_multi_next_done(CURLM *multi, CURLcode *result, void **context);

// Names the calling thread; at most 15 bytes.
void ccurl_name_thread(const char *name);

#endif
