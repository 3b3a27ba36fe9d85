import{t as e}from"./non-error.js";import{r as t}from"./pg.js";import{t as n}from"./cron-parser.js";import{a as r,c as i,i as a,l as o,n as s,o as c,r as l,s as u,t as d}from"./@opentelemetry/api.js";import f from"node:os";import{randomUUID as p}from"node:crypto";import{readFile as m}from"node:fs/promises";import h from"node:events";import g,{AssertionError as _,notStrictEqual as v}from"node:assert";import{monitorEventLoopDelay as y,performance as ee}from"node:perf_hooks";import{setImmediate as te,setTimeout as b}from"node:timers/promises";import ne from"node:v8";function x(e){return Array.isArray(e)?e.every(e=>Array.isArray(e?.rows))?{rows:e.flatMap(e=>e.rows)}:e.every(e=>Array.isArray(e))?{rows:e.flat()}:{rows:e}:e}function S(e,t){let n=new AbortController,r=new Promise((r,i)=>{b(e,null,{signal:n.signal}).then(()=>t?i(Error(t)):r()).catch(()=>r())});return r.abort=()=>{n.signal.aborted||n.abort()},r}function re(e,t,n,r){let i=r||new AbortController,a=new Promise((r,a)=>{let o=e.setTimeout(()=>{i.signal.removeEventListener(`abort`,s),n?a(Error(n)):r()},t),s=()=>{e.clearTimeout(o),r()};i.signal.aborted?s():i.signal.addEventListener(`abort`,s,{once:!0})});return a.abort=()=>{i.signal.aborted||i.abort()},a}async function ie(e,t,n,r,i){let a=re(e,Math.max(1,n)*1e3,r,i),o;try{o=await Promise.race([t,a])}finally{a.abort()}return o}const ae=/^"[a-z_][a-z0-9_]*"$/,oe=e=>e.startsWith(`"`)&&e.endsWith(`"`)&&e.length>1;function C(e){return oe(e)?e.slice(1,-1):e.toLowerCase()}function se(e){return ae.test(e)?e.slice(1,-1):e}const ce=/'/g;function le(e){let t=e.indexOf(`(`);if(t===-1)return null;let n=0;for(let r=t;r<e.length;r++)if(e[r]===`(`)n++;else if(e[r]===`)`&&--n===0)return e.slice(t+1,r);return null}const ue=/::(?:[a-z_][a-z0-9_$]*\.)?[a-z_][a-z0-9_$]*(?:\[\])?/g;function de(e){return e.toLowerCase().replace(/"/g,``).replace(/\s+/g,``).replace(ue,``)}function fe(e){let t=le(e);if(t===null)return null;let n=e.indexOf(`(`)+t.length+2,r=e.slice(n).match(/^\s*INCLUDE\s*\(/i);if(!r)return null;let i=n+r[0].length-1,a=0;for(let t=i;t<e.length;t++)if(e[t]===`(`)a++;else if(e[t]===`)`&&--a===0)return e.slice(i+1,t);return null}function pe(e){return de(e).split(`,`).filter(Boolean).sort().join(`,`)}function me(e){let t=fe(e);return t===null?``:t.replace(ue,``).replace(/\s+/g,` `).trim()}function he(e){let t=e.match(/\bWHERE\b/i);return t?e.slice(t.index+t[0].length):``}function ge(e){return be(e.toLowerCase().replace(/"/g,``).replace(ue,``).replace(/=\s*any\s*\(\s*array\s*\[([^\]]*)\]\s*\)/g,`in ($1)`)).replace(/\s+/g,``)}function _e(e){let t=le(e);return t===null?``:t.replace(ue,``).replace(/\s+/g,` `).trim()}function ve(e){return be(he(e).replace(ue,``).replace(/\s+/g,` `).trim())}function ye(e){if(e[0]!==`(`)return!1;let t=0;for(let n=0;n<e.length;n++)if(e[n]===`(`)t++;else if(e[n]===`)`&&--t===0)return n===e.length-1;return!1}function be(e){let t=e.trim();for(;ye(t);)t=t.slice(1,-1).trim();return t}function xe(e){let t=e.replace(/\s+USING\s+btree\s+/i,` `).replace(ue,``).replace(/\s+/g,` `).trim(),n=t.match(/\bWHERE\b/i);return n?`${t.slice(0,n.index+n[0].length)} ${be(t.slice(n.index+n[0].length).trim())}`:t}function Se(e){let t=e.match(/\$[A-Za-z0-9_]*\$/);if(!t)return``;let n=t[0],r=t.index+n.length,i=e.indexOf(n,r);return i===-1?``:e.slice(r,i)}function Ce(e){return e.replace(/\s+/g,` `).trim()}function we(e){return be(e.toLowerCase().replace(ue,``).replace(/\s+/g,` `).trim())}function Te(e){return e.toLowerCase().replace(/"/g,``).replace(ue,``).replace(/\s+/g,` `).trim()}function Ee(e){return`
    SELECT c.relname AS name, t.relname AS "table", i.indisvalid AS valid, pg_get_indexdef(i.indexrelid) AS def,
           EXISTS (SELECT 1 FROM pg_constraint con WHERE con.conindid = i.indexrelid) AS "constraintBacked"
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = '${C(e).replace(ce,`''`)}'
  `}function De(e){return`
    SELECT p.proname AS name, pg_get_functiondef(p.oid) AS def
    FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = '${C(e).replace(ce,`''`)}'
  `}function Oe(e,t=`job_state`){return`
    SELECT e.enumlabel AS label
    FROM pg_enum e
    JOIN pg_type t ON t.oid = e.enumtypid
    JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE n.nspname = '${C(e).replace(ce,`''`)}' AND t.typname = '${t}'
    ORDER BY e.enumsortorder
  `}function ke(e){return`
    SELECT c.relname AS "table", a.attname AS "column",
           format_type(a.atttypid, a.atttypmod) AS "type",
           a.attnotnull AS "notNull",
           pg_get_expr(ad.adbin, ad.adrelid) AS "default"
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
    WHERE n.nspname = '${C(e).replace(ce,`''`)}'
      AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
  `}function Ae(e){return`
    SELECT c.relname AS "table"
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = '${C(e).replace(ce,`''`)}'
      AND c.relkind IN ('r', 'p')
  `}function je(e){return`
    SELECT rel.relname AS "table", pg_get_constraintdef(con.oid) AS def
    FROM pg_constraint con
    JOIN pg_class rel ON rel.oid = con.conrelid
    JOIN pg_namespace n ON n.oid = rel.relnamespace
    WHERE n.nspname = '${C(e).replace(ce,`''`)}' AND con.contype <> 'n'
  `}function Me(e,t,n=!1){let r=new Map(t.map(e=>[e.name,e])),i=[],a=[];for(let t of e){let e=r.get(t.name);if(!e?.def){i.push(t);continue}if(n)continue;let o=Ce(Se(e.def));o&&o!==t.expectedBody&&a.push({...t,actualBody:o,actualDefinition:e.def.replace(/\s+/g,` `).trim()})}return{missingFunctions:i,mismatchedFunctions:a}}function Ne(e,t){let n=/* @__PURE__ */ new Map;for(let e of t){let t=n.get(e.table);t||n.set(e.table,t=/* @__PURE__ */ new Map),t.set(e.column.toLowerCase(),e)}let r=[];for(let{table:t,columns:i,defaults:a,types:o}of e){let e=n.get(t);if(!e||e.size===0)continue;let s=new Set(i),c=i.filter(t=>!e.has(t)),l=[...e.keys()].filter(e=>!s.has(e)),u=[],d=[],f=[];for(let t of i){let n=e.get(t);if(n){if(a&&a[t]!==void 0){let e=n.default??``;we(a[t])!==we(e)&&u.push({column:t,expected:a[t],actual:e})}if(o&&o[t]){let e=n.type??``;o[t].type!==e&&d.push({column:t,expected:o[t].type,actual:e}),o[t].notNull!==!!n.notNull&&f.push({column:t,expected:o[t].notNull,actual:!!n.notNull})}}}(c.length||l.length||u.length||d.length||f.length)&&r.push({table:t,missingColumns:c,unexpectedColumns:l,defaultMismatches:u,typeMismatches:d,nullabilityMismatches:f})}return r}function Pe(e,t){let n=/* @__PURE__ */ new Map;for(let{table:e,def:r}of t){let t=n.get(e);t||n.set(e,t=[]),t.push(r)}let r=[];for(let{table:t,constraints:i}of e){let e=n.get(t);if(!e||e.length===0)continue;let a=new Set(e.map(Te)),o=new Set(i.map(Te)),s=i.filter(e=>!a.has(Te(e))),c=e.filter(e=>!o.has(Te(e)));(s.length||c.length)&&r.push({table:t,missingConstraints:s,unexpectedConstraints:c})}return r}function Fe(e,t,n){return n.length===0||t.length===n.length&&t.every((e,t)=>e===n[t])?null:{name:e,expectedValues:[...t],actualValues:n}}function Ie(e={}){let t=e.indexes?.expected??[],n=e.indexes?.live??[],r=e.indexes?.building??/* @__PURE__ */ new Set,i=new Map(n.map(e=>[e.name,e])),a=new Set(t.map(e=>e.name)),o=[],s=[],c=[],l=[];for(let n of t){let t=i.get(n.name);if(!t)(r.has(n.name)?s:o).push(n);else if(!t.valid)c.push({...n,building:r.has(n.name)});else if(n.keys&&t.def&&!e.indexes?.presenceOnly){let e=_e(t.def);if(de(e)){let r=n.predicate??``,i=ve(t.def),a=n.include??``,o=me(t.def),s=[];de(n.keys)!==de(e)&&s.push(`keys`),pe(a)!==pe(o)&&s.push(`include`),ge(r)!==ge(i)&&s.push(`predicate`),s.length&&l.push({...n,expectedKeys:n.keys,actualKeys:e,expectedInclude:a,actualInclude:o,expectedPredicate:r,actualPredicate:i,actualDefinition:xe(t.def),differs:s})}}}let u=new Set(e.tables?.expected??t.map(e=>e.table)),d=n.filter(e=>u.has(e.table)&&!a.has(e.name)&&!e.constraintBacked).map(e=>({name:e.name,table:e.table})),f=new Set(e.tables?.live??[]),p=(e.tables?.expected??[]).filter(e=>!f.has(e)),{missingFunctions:m,mismatchedFunctions:h}=Me(e.functions?.expected??[],e.functions?.live??[],e.functions?.presenceOnly),g=e.columns?Ne(e.columns.expected,e.columns.live):[],_=e.constraints?Pe(e.constraints.expected,e.constraints.live):[],v=e.enum?Fe(e.enum.name,e.enum.expected,e.enum.actual):null;return{ok:p.length===0&&o.length===0&&c.length===0&&l.length===0&&m.length===0&&h.length===0&&g.length===0&&_.length===0&&v===null,missingTables:p,missing:o,building:s,invalid:c,extraIndexes:d,mismatched:l,missingFunctions:m,mismatchedFunctions:h,columnDrift:g,constraintDrift:_,enumDrift:v}}var Le=`{{schema}}`,Re={tables:[`bam`,`instance`,`job`,`job_common`,`job_dependency`,`queue`,`queue_stats`,`schedule`,`subscription`,`version`,`warning`],columns:[{table:`bam`,column:`command`,type:`text`,notNull:!0,default:null},{table:`bam`,column:`completed_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`bam`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`clock_timestamp()`},{table:`bam`,column:`error`,type:`text`,notNull:!1,default:null},{table:`bam`,column:`id`,type:`uuid`,notNull:!0,default:`gen_random_uuid()`},{table:`bam`,column:`name`,type:`text`,notNull:!0,default:null},{table:`bam`,column:`queue`,type:`text`,notNull:!1,default:null},{table:`bam`,column:`started_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`bam`,column:`status`,type:`text`,notNull:!0,default:`'pending'::text`},{table:`bam`,column:`table_name`,type:`text`,notNull:!0,default:null},{table:`bam`,column:`version`,type:`integer`,notNull:!0,default:null},{table:`instance`,column:`application_name`,type:`text`,notNull:!1,default:null},{table:`instance`,column:`config`,type:`jsonb`,notNull:!0,default:`'{}'::jsonb`},{table:`instance`,column:`crash_restarts`,type:`integer`,notNull:!0,default:`0`},{table:`instance`,column:`crash_restarts_since`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`instance`,column:`heartbeat_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`instance`,column:`heartbeat_seconds`,type:`integer`,notNull:!0,default:null},{table:`instance`,column:`host`,type:`text`,notNull:!0,default:null},{table:`instance`,column:`id`,type:`uuid`,notNull:!0,default:null},{table:`instance`,column:`metrics`,type:`jsonb`,notNull:!1,default:null},{table:`instance`,column:`migrate`,type:`boolean`,notNull:!0,default:null},{table:`instance`,column:`name`,type:`text`,notNull:!1,default:null},{table:`instance`,column:`node_version`,type:`text`,notNull:!0,default:null},{table:`instance`,column:`persist_queue_stats`,type:`boolean`,notNull:!0,default:null},{table:`instance`,column:`persist_warnings`,type:`boolean`,notNull:!0,default:null},{table:`instance`,column:`pid`,type:`integer`,notNull:!0,default:null},{table:`instance`,column:`pool_idle`,type:`integer`,notNull:!1,default:null},{table:`instance`,column:`pool_max`,type:`integer`,notNull:!1,default:null},{table:`instance`,column:`pool_total`,type:`integer`,notNull:!1,default:null},{table:`instance`,column:`pool_waiting`,type:`integer`,notNull:!1,default:null},{table:`instance`,column:`schedule`,type:`boolean`,notNull:!0,default:null},{table:`instance`,column:`started_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`instance`,column:`stopped_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`instance`,column:`supervise`,type:`boolean`,notNull:!0,default:null},{table:`instance`,column:`version`,type:`text`,notNull:!0,default:null},{table:`instance`,column:`workers`,type:`jsonb`,notNull:!0,default:`'[]'::jsonb`},{table:`job_common`,column:`blocked`,type:`boolean`,notNull:!0,default:`false`},{table:`job_common`,column:`blocking`,type:`boolean`,notNull:!0,default:`false`},{table:`job_common`,column:`completed_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`job_common`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`job_common`,column:`data`,type:`jsonb`,notNull:!1,default:null},{table:`job_common`,column:`dead_letter`,type:`text`,notNull:!1,default:null},{table:`job_common`,column:`deletion_seconds`,type:`integer`,notNull:!0,default:`604800`},{table:`job_common`,column:`expire_seconds`,type:`integer`,notNull:!0,default:`900`},{table:`job_common`,column:`group_id`,type:`text`,notNull:!1,default:null},{table:`job_common`,column:`group_tier`,type:`text`,notNull:!1,default:null},{table:`job_common`,column:`heartbeat_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`job_common`,column:`heartbeat_seconds`,type:`integer`,notNull:!1,default:null},{table:`job_common`,column:`id`,type:`uuid`,notNull:!0,default:`gen_random_uuid()`},{table:`job_common`,column:`keep_until`,type:`timestamp with time zone`,notNull:!0,default:`(now() + '336:00:00'::interval)`},{table:`job_common`,column:`name`,type:`text`,notNull:!0,default:null},{table:`job_common`,column:`output`,type:`jsonb`,notNull:!1,default:null},{table:`job_common`,column:`pending_dependencies`,type:`integer`,notNull:!0,default:`0`},{table:`job_common`,column:`policy`,type:`text`,notNull:!1,default:null},{table:`job_common`,column:`priority`,type:`integer`,notNull:!0,default:`0`},{table:`job_common`,column:`retry_backoff`,type:`boolean`,notNull:!0,default:`false`},{table:`job_common`,column:`retry_count`,type:`integer`,notNull:!0,default:`0`},{table:`job_common`,column:`retry_delay`,type:`integer`,notNull:!0,default:`0`},{table:`job_common`,column:`retry_delay_max`,type:`integer`,notNull:!1,default:null},{table:`job_common`,column:`retry_limit`,type:`integer`,notNull:!0,default:`2`},{table:`job_common`,column:`singleton_key`,type:`text`,notNull:!1,default:null},{table:`job_common`,column:`singleton_on`,type:`timestamp without time zone`,notNull:!1,default:null},{table:`job_common`,column:`source_created_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`job_common`,column:`source_id`,type:`uuid`,notNull:!1,default:null},{table:`job_common`,column:`source_name`,type:`text`,notNull:!1,default:null},{table:`job_common`,column:`source_output`,type:`jsonb`,notNull:!1,default:null},{table:`job_common`,column:`source_retry_count`,type:`integer`,notNull:!1,default:null},{table:`job_common`,column:`source_root_id`,type:`uuid`,notNull:!1,default:null},{table:`job_common`,column:`start_after`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`job_common`,column:`started_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`job_common`,column:`state`,type:`{{schema}}.job_state`,notNull:!0,default:`'created'::{{schema}}.job_state`},{table:`job_common`,column:`trace_context`,type:`jsonb`,notNull:!1,default:null},{table:`job_common`,column:`upsert_by_key`,type:`boolean`,notNull:!1,default:null},{table:`job_dependency`,column:`child_id`,type:`uuid`,notNull:!0,default:null},{table:`job_dependency`,column:`child_name`,type:`text`,notNull:!0,default:null},{table:`job_dependency`,column:`parent_id`,type:`uuid`,notNull:!0,default:null},{table:`job_dependency`,column:`parent_name`,type:`text`,notNull:!0,default:null},{table:`job`,column:`blocked`,type:`boolean`,notNull:!0,default:`false`},{table:`job`,column:`blocking`,type:`boolean`,notNull:!0,default:`false`},{table:`job`,column:`completed_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`job`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`job`,column:`data`,type:`jsonb`,notNull:!1,default:null},{table:`job`,column:`dead_letter`,type:`text`,notNull:!1,default:null},{table:`job`,column:`deletion_seconds`,type:`integer`,notNull:!0,default:`604800`},{table:`job`,column:`expire_seconds`,type:`integer`,notNull:!0,default:`900`},{table:`job`,column:`group_id`,type:`text`,notNull:!1,default:null},{table:`job`,column:`group_tier`,type:`text`,notNull:!1,default:null},{table:`job`,column:`heartbeat_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`job`,column:`heartbeat_seconds`,type:`integer`,notNull:!1,default:null},{table:`job`,column:`id`,type:`uuid`,notNull:!0,default:`gen_random_uuid()`},{table:`job`,column:`keep_until`,type:`timestamp with time zone`,notNull:!0,default:`(now() + '336:00:00'::interval)`},{table:`job`,column:`name`,type:`text`,notNull:!0,default:null},{table:`job`,column:`output`,type:`jsonb`,notNull:!1,default:null},{table:`job`,column:`pending_dependencies`,type:`integer`,notNull:!0,default:`0`},{table:`job`,column:`policy`,type:`text`,notNull:!1,default:null},{table:`job`,column:`priority`,type:`integer`,notNull:!0,default:`0`},{table:`job`,column:`retry_backoff`,type:`boolean`,notNull:!0,default:`false`},{table:`job`,column:`retry_count`,type:`integer`,notNull:!0,default:`0`},{table:`job`,column:`retry_delay`,type:`integer`,notNull:!0,default:`0`},{table:`job`,column:`retry_delay_max`,type:`integer`,notNull:!1,default:null},{table:`job`,column:`retry_limit`,type:`integer`,notNull:!0,default:`2`},{table:`job`,column:`singleton_key`,type:`text`,notNull:!1,default:null},{table:`job`,column:`singleton_on`,type:`timestamp without time zone`,notNull:!1,default:null},{table:`job`,column:`source_created_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`job`,column:`source_id`,type:`uuid`,notNull:!1,default:null},{table:`job`,column:`source_name`,type:`text`,notNull:!1,default:null},{table:`job`,column:`source_output`,type:`jsonb`,notNull:!1,default:null},{table:`job`,column:`source_retry_count`,type:`integer`,notNull:!1,default:null},{table:`job`,column:`source_root_id`,type:`uuid`,notNull:!1,default:null},{table:`job`,column:`start_after`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`job`,column:`started_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`job`,column:`state`,type:`{{schema}}.job_state`,notNull:!0,default:`'created'::{{schema}}.job_state`},{table:`job`,column:`trace_context`,type:`jsonb`,notNull:!1,default:null},{table:`job`,column:`upsert_by_key`,type:`boolean`,notNull:!1,default:null},{table:`queue_stats`,column:`active_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue_stats`,column:`captured_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`queue_stats`,column:`completed_delta`,type:`integer`,notNull:!1,default:null},{table:`queue_stats`,column:`created_delta`,type:`integer`,notNull:!1,default:null},{table:`queue_stats`,column:`deferred_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue_stats`,column:`delta_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`queue_stats`,column:`delta_seconds`,type:`integer`,notNull:!1,default:null},{table:`queue_stats`,column:`failed_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue_stats`,column:`failed_delta`,type:`integer`,notNull:!1,default:null},{table:`queue_stats`,column:`id`,type:`uuid`,notNull:!0,default:`gen_random_uuid()`},{table:`queue_stats`,column:`name`,type:`text`,notNull:!0,default:null},{table:`queue_stats`,column:`queued_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue_stats`,column:`ready_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue_stats`,column:`ready_oldest_seconds`,type:`integer`,notNull:!1,default:null},{table:`queue_stats`,column:`run_bins`,type:`integer[]`,notNull:!1,default:null},{table:`queue_stats`,column:`total_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue_stats`,column:`wait_bins`,type:`integer[]`,notNull:!1,default:null},{table:`queue`,column:`active_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`blocked_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`completed_delta`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`created_delta`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`queue`,column:`dead_letter`,type:`text`,notNull:!1,default:null},{table:`queue`,column:`deferred_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`deletion_seconds`,type:`integer`,notNull:!0,default:null},{table:`queue`,column:`delta_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`queue`,column:`delta_seconds`,type:`integer`,notNull:!1,default:null},{table:`queue`,column:`expire_seconds`,type:`integer`,notNull:!0,default:null},{table:`queue`,column:`failed_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`failed_delta`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`heartbeat_seconds`,type:`integer`,notNull:!1,default:null},{table:`queue`,column:`maintain_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`queue`,column:`monitor_claim_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`queue`,column:`monitor_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`queue`,column:`name`,type:`text`,notNull:!0,default:null},{table:`queue`,column:`notify`,type:`boolean`,notNull:!0,default:`false`},{table:`queue`,column:`partition`,type:`boolean`,notNull:!0,default:null},{table:`queue`,column:`policy`,type:`text`,notNull:!0,default:null},{table:`queue`,column:`queued_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`ready_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`ready_history`,type:`integer[]`,notNull:!0,default:`'{}'::integer[]`},{table:`queue`,column:`ready_oldest_seconds`,type:`integer`,notNull:!1,default:null},{table:`queue`,column:`retained_count`,type:`integer`,notNull:!1,default:null},{table:`queue`,column:`retained_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`queue`,column:`retention_seconds`,type:`integer`,notNull:!0,default:null},{table:`queue`,column:`retry_backoff`,type:`boolean`,notNull:!0,default:null},{table:`queue`,column:`retry_delay`,type:`integer`,notNull:!0,default:null},{table:`queue`,column:`retry_delay_max`,type:`integer`,notNull:!1,default:null},{table:`queue`,column:`retry_limit`,type:`integer`,notNull:!0,default:null},{table:`queue`,column:`run_bins`,type:`integer[]`,notNull:!1,default:null},{table:`queue`,column:`singletons_active`,type:`text[]`,notNull:!1,default:null},{table:`queue`,column:`table_name`,type:`text`,notNull:!0,default:null},{table:`queue`,column:`total_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`updated_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`queue`,column:`wait_bins`,type:`integer[]`,notNull:!1,default:null},{table:`queue`,column:`warning_queued`,type:`integer`,notNull:!0,default:`0`},{table:`schedule`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`schedule`,column:`cron`,type:`text`,notNull:!0,default:null},{table:`schedule`,column:`data`,type:`jsonb`,notNull:!1,default:null},{table:`schedule`,column:`key`,type:`text`,notNull:!0,default:`''::text`},{table:`schedule`,column:`kind`,type:`text`,notNull:!0,default:`'cron'::text`},{table:`schedule`,column:`last_job_id`,type:`uuid`,notNull:!1,default:null},{table:`schedule`,column:`name`,type:`text`,notNull:!0,default:null},{table:`schedule`,column:`options`,type:`jsonb`,notNull:!1,default:null},{table:`schedule`,column:`timezone`,type:`text`,notNull:!1,default:`'UTC'::text`},{table:`schedule`,column:`updated_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`subscription`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`subscription`,column:`event`,type:`text`,notNull:!0,default:null},{table:`subscription`,column:`name`,type:`text`,notNull:!0,default:null},{table:`subscription`,column:`updated_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`version`,column:`bam_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`version`,column:`cron_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`version`,column:`flow_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`version`,column:`monitor_backoff_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`version`,column:`reindex_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`version`,column:`version`,type:`integer`,notNull:!0,default:null},{table:`warning`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`warning`,column:`data`,type:`jsonb`,notNull:!1,default:null},{table:`warning`,column:`id`,type:`uuid`,notNull:!0,default:`gen_random_uuid()`},{table:`warning`,column:`message`,type:`text`,notNull:!0,default:null},{table:`warning`,column:`type`,type:`text`,notNull:!0,default:null}],constraints:[{table:`bam`,def:`PRIMARY KEY (id)`},{table:`instance`,def:`PRIMARY KEY (id)`},{table:`job_common`,def:`CHECK ((NOT ((policy = 'key_strict_fifo'::text) AND (singleton_key IS NULL))))`},{table:`job_common`,def:`FOREIGN KEY (dead_letter) REFERENCES {{schema}}.queue(name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED`},{table:`job_common`,def:`FOREIGN KEY (name) REFERENCES {{schema}}.queue(name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED`},{table:`job_common`,def:`PRIMARY KEY (name, id)`},{table:`job_dependency`,def:`PRIMARY KEY (child_name, child_id, parent_name, parent_id)`},{table:`job`,def:`PRIMARY KEY (name, id)`},{table:`queue_stats`,def:`PRIMARY KEY (id, captured_on)`},{table:`queue`,def:`CHECK ((dead_letter IS DISTINCT FROM name))`},{table:`queue`,def:`FOREIGN KEY (dead_letter) REFERENCES {{schema}}.queue(name)`},{table:`queue`,def:`PRIMARY KEY (name)`},{table:`schedule`,def:`CHECK ((kind = ANY (ARRAY['cron'::text, 'rrule'::text])))`},{table:`schedule`,def:`FOREIGN KEY (name) REFERENCES {{schema}}.queue(name) ON DELETE CASCADE`},{table:`schedule`,def:`PRIMARY KEY (name, key)`},{table:`subscription`,def:`FOREIGN KEY (name) REFERENCES {{schema}}.queue(name) ON DELETE CASCADE`},{table:`subscription`,def:`PRIMARY KEY (event, name)`},{table:`version`,def:`PRIMARY KEY (version)`},{table:`warning`,def:`PRIMARY KEY (id)`}],indexes:[{name:`job_common_i1`,table:`job_common`,valid:!0,def:`CREATE UNIQUE INDEX job_common_i1 ON {{schema}}.job_common USING btree (name, COALESCE(singleton_key, ''::text)) WHERE ((state = 'created'::{{schema}}.job_state) AND (policy = 'short'::text))`},{name:`job_common_i10`,table:`job_common`,valid:!0,def:`CREATE INDEX job_common_i10 ON {{schema}}.job_common USING btree (name, singleton_key, state DESC, created_on, id) INCLUDE (start_after) WHERE ((state < 'active'::{{schema}}.job_state) AND (NOT blocked) AND (policy = 'key_strict_fifo'::text))`},{name:`job_common_i11`,table:`job_common`,valid:!0,def:`CREATE INDEX job_common_i11 ON {{schema}}.job_common USING btree (name, priority DESC, created_on, start_after) WHERE ((state < 'active'::{{schema}}.job_state) AND (NOT blocked))`},{name:`job_common_i12`,table:`job_common`,valid:!0,def:`CREATE INDEX job_common_i12 ON {{schema}}.job_common USING btree (source_root_id) WHERE (source_root_id IS NOT NULL)`},{name:`job_common_i13`,table:`job_common`,valid:!0,def:`CREATE UNIQUE INDEX job_common_i13 ON {{schema}}.job_common USING btree (name, singleton_key) WHERE ((state = 'created'::{{schema}}.job_state) AND upsert_by_key)`},{name:`job_common_i14`,table:`job_common`,valid:!0,def:`CREATE INDEX job_common_i14 ON {{schema}}.job_common USING btree (name, state, blocked, start_after) WHERE (state = ANY (ARRAY['created'::{{schema}}.job_state, 'retry'::{{schema}}.job_state, 'active'::{{schema}}.job_state, 'failed'::{{schema}}.job_state]))`},{name:`job_common_i15`,table:`job_common`,valid:!0,def:`CREATE INDEX job_common_i15 ON {{schema}}.job_common USING btree (name, created_on)`},{name:`job_common_i16`,table:`job_common`,valid:!0,def:`CREATE INDEX job_common_i16 ON {{schema}}.job_common USING btree (name, completed_on) WHERE (completed_on IS NOT NULL)`},{name:`job_common_i17`,table:`job_common`,valid:!0,def:`CREATE INDEX job_common_i17 ON {{schema}}.job_common USING btree (name, singleton_key, created_on) WHERE ((state < 'active'::{{schema}}.job_state) AND (singleton_key IS NOT NULL))`},{name:`job_common_i2`,table:`job_common`,valid:!0,def:`CREATE UNIQUE INDEX job_common_i2 ON {{schema}}.job_common USING btree (name, COALESCE(singleton_key, ''::text)) WHERE ((state = 'active'::{{schema}}.job_state) AND (policy = 'singleton'::text))`},{name:`job_common_i3`,table:`job_common`,valid:!0,def:`CREATE UNIQUE INDEX job_common_i3 ON {{schema}}.job_common USING btree (name, state, COALESCE(singleton_key, ''::text)) WHERE ((state <= 'active'::{{schema}}.job_state) AND (policy = 'stately'::text))`},{name:`job_common_i4`,table:`job_common`,valid:!0,def:`CREATE UNIQUE INDEX job_common_i4 ON {{schema}}.job_common USING btree (name, singleton_on, COALESCE(singleton_key, ''::text)) WHERE ((state <> 'cancelled'::{{schema}}.job_state) AND (singleton_on IS NOT NULL))`},{name:`job_common_i6`,table:`job_common`,valid:!0,def:`CREATE UNIQUE INDEX job_common_i6 ON {{schema}}.job_common USING btree (name, COALESCE(singleton_key, ''::text)) WHERE ((state <= 'active'::{{schema}}.job_state) AND (policy = 'exclusive'::text))`},{name:`job_common_i7`,table:`job_common`,valid:!0,def:`CREATE INDEX job_common_i7 ON {{schema}}.job_common USING btree (name, group_id) WHERE ((state = 'active'::{{schema}}.job_state) AND (group_id IS NOT NULL))`},{name:`job_common_i8`,table:`job_common`,valid:!0,def:`CREATE UNIQUE INDEX job_common_i8 ON {{schema}}.job_common USING btree (name, singleton_key) WHERE ((state = ANY (ARRAY['active'::{{schema}}.job_state, 'retry'::{{schema}}.job_state, 'failed'::{{schema}}.job_state])) AND (policy = 'key_strict_fifo'::text))`},{name:`job_common_i9`,table:`job_common`,valid:!0,def:`CREATE INDEX job_common_i9 ON {{schema}}.job_common USING btree (name, id) WHERE (blocking AND (state = 'completed'::{{schema}}.job_state))`},{name:`job_dep_parent_idx`,table:`job_dependency`,valid:!0,def:`CREATE INDEX job_dep_parent_idx ON {{schema}}.job_dependency USING btree (parent_name, parent_id)`},{name:`queue_stats_i1`,table:`queue_stats`,valid:!0,def:`CREATE INDEX queue_stats_i1 ON ONLY {{schema}}.queue_stats USING btree (name, captured_on DESC) INCLUDE (deferred_count, queued_count, ready_count, active_count, failed_count, total_count)`},{name:`warning_i1`,table:`warning`,valid:!0,def:`CREATE INDEX warning_i1 ON {{schema}}.warning USING btree (created_on DESC)`}],functions:[{name:`create_queue`,def:`CREATE OR REPLACE FUNCTION {{schema}}.create_queue(queue_name text, options jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
    DECLARE
      tablename varchar := CASE WHEN options->>'partition' = 'true'
                            THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
                            ELSE 'job_common'
                            END;
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
        INSERT INTO {{schema}}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name,
          heartbeat_seconds,
          notify,
          created_on,
          updated_on
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, 2),
          COALESCE((options->>'retryDelay')::int, 0),
          COALESCE((options->>'retryBackoff')::bool, false),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, 900),
          COALESCE((options->>'retentionSeconds')::int, 1209600),
          COALESCE((options->>'deleteAfterSeconds')::int, 604800),
          COALESCE((options->>'warningQueueSize')::int, 0),
          options->>'deadLetter',
          COALESCE((options->>'partition')::bool, false),
          tablename,
          (options->>'heartbeatSeconds')::int,
          COALESCE((options->>'notify')::bool, false),
          {{schema}}.job_now(),
          {{schema}}.job_now()
        )
        ON CONFLICT DO NOTHING
        RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE {{schema}}.%I (LIKE {{schema}}.job INCLUDING DEFAULTS)', tablename);

      EXECUTE {{schema}}.job_table_format($cmd$ALTER TABLE {{schema}}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
      EXECUTE {{schema}}.job_table_format($cmd$ALTER TABLE {{schema}}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES {{schema}}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
      EXECUTE {{schema}}.job_table_format($cmd$ALTER TABLE {{schema}}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES {{schema}}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

      EXECUTE {{schema}}.job_table_format($cmd$CREATE INDEX job_i11 ON {{schema}}.job (name, priority DESC, created_on, start_after) WHERE state < 'active' AND NOT blocked$cmd$, tablename);
      EXECUTE {{schema}}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON {{schema}}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
      EXECUTE {{schema}}.job_table_format($cmd$CREATE INDEX job_i7 ON {{schema}}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);
      EXECUTE {{schema}}.job_table_format($cmd$CREATE INDEX job_i9 ON {{schema}}.job (name, id) WHERE blocking AND state = 'completed'$cmd$, tablename);
      EXECUTE {{schema}}.job_table_format($cmd$CREATE INDEX job_i12 ON {{schema}}.job (source_root_id) WHERE source_root_id IS NOT NULL$cmd$, tablename);
      EXECUTE {{schema}}.job_table_format($cmd$CREATE UNIQUE INDEX job_i13 ON {{schema}}.job (name, singleton_key) WHERE state = 'created' AND upsert_by_key$cmd$, tablename);
      EXECUTE {{schema}}.job_table_format($cmd$CREATE INDEX job_i14 ON {{schema}}.job (name, state, blocked, start_after) WHERE state IN ('created', 'retry', 'active', 'failed')$cmd$, tablename);
      EXECUTE {{schema}}.job_table_format($cmd$CREATE INDEX job_i15 ON {{schema}}.job (name, created_on)$cmd$, tablename);
      EXECUTE {{schema}}.job_table_format($cmd$CREATE INDEX job_i16 ON {{schema}}.job (name, completed_on) WHERE completed_on IS NOT NULL$cmd$, tablename);
      EXECUTE {{schema}}.job_table_format($cmd$CREATE INDEX job_i17 ON {{schema}}.job (name, singleton_key, created_on) WHERE state < 'active' AND singleton_key IS NOT NULL$cmd$, tablename);

      IF options->>'policy' = 'short' THEN
        EXECUTE {{schema}}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON {{schema}}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
      ELSIF options->>'policy' = 'singleton' THEN
        EXECUTE {{schema}}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON {{schema}}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
      ELSIF options->>'policy' = 'stately' THEN
        EXECUTE {{schema}}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON {{schema}}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
      ELSIF options->>'policy' = 'exclusive' THEN
        EXECUTE {{schema}}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON {{schema}}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
      ELSIF options->>'policy' = 'key_strict_fifo' THEN
        EXECUTE {{schema}}.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON {{schema}}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE {{schema}}.job_table_format($cmd$CREATE INDEX job_i10 ON {{schema}}.job (name, singleton_key, state DESC, created_on, id) INCLUDE (start_after) WHERE state < 'active' AND NOT blocked AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE {{schema}}.job_table_format($cmd$ALTER TABLE {{schema}}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
      END IF;

      EXECUTE format('ALTER TABLE {{schema}}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
      EXECUTE format('ALTER TABLE {{schema}}.job ATTACH PARTITION {{schema}}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $function$
`},{name:`delete_queue`,def:`CREATE OR REPLACE FUNCTION {{schema}}.delete_queue(queue_name text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
    DECLARE
      v_table varchar;
      v_partition bool;
    BEGIN
      
      SELECT table_name, partition
      FROM {{schema}}.queue
      WHERE name = queue_name
      INTO v_table, v_partition;

      IF v_partition THEN
        EXECUTE format('DROP TABLE IF EXISTS {{schema}}.%I', v_table);
      ELSE
        EXECUTE format('DELETE FROM {{schema}}.%I WHERE name = %L', v_table, queue_name);
      END IF;
    
      DELETE FROM {{schema}}.queue WHERE name = queue_name;
    END;
    $function$
`},{name:`job_now`,def:`CREATE OR REPLACE FUNCTION {{schema}}.job_now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
      SELECT pg_catalog.now();
    $function$
`},{name:`job_table_format`,def:`CREATE OR REPLACE FUNCTION {{schema}}.job_table_format(command text, table_name text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
      SELECT format(
        regexp_replace(
          regexp_replace(command, '\\.job\\y', '.%1$I', 'g'),
          '\\yjob_i(\\d+)', '%1$s_i\\1', 'g'
        ),
        table_name
      );
    $function$
`},{name:`job_table_run`,def:`CREATE OR REPLACE FUNCTION {{schema}}.job_table_run(command text, tbl_name text DEFAULT NULL::text, queue_name text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
    DECLARE
      tbl RECORD;
    BEGIN
      IF queue_name IS NOT NULL THEN
        SELECT table_name INTO tbl_name FROM {{schema}}.queue WHERE name = queue_name;
      END IF;

      IF tbl_name IS NOT NULL THEN
        EXECUTE {{schema}}.job_table_format(command, tbl_name);
        RETURN;
      END IF;

      EXECUTE {{schema}}.job_table_format(command, 'job_common');

      FOR tbl IN SELECT table_name FROM {{schema}}.queue WHERE partition = true
      LOOP
        EXECUTE {{schema}}.job_table_format(command, tbl.table_name);
      END LOOP;
    END;
    $function$
`},{name:`job_table_run_async`,def:`CREATE OR REPLACE FUNCTION {{schema}}.job_table_run_async(command_name text, version integer, command text, tbl_name text DEFAULT NULL::text, queue_name text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
    BEGIN
      IF queue_name IS NOT NULL THEN
        SELECT table_name INTO tbl_name FROM {{schema}}.queue WHERE name = queue_name;
      END IF;

      IF tbl_name IS NOT NULL THEN
        INSERT INTO {{schema}}.bam (name, version, status, queue, table_name, command)
        VALUES (
          command_name,
          version,
          'pending',
          queue_name,
          tbl_name,
          {{schema}}.job_table_format(command, tbl_name)
        );
        RETURN;
      END IF;

      INSERT INTO {{schema}}.bam (name, version, status, queue, table_name, command)
      SELECT
        command_name,
        version,
        'pending',
        NULL,
        'job_common',
        {{schema}}.job_table_format(command, 'job_common')
      UNION ALL
      SELECT
        command_name,
        version,
        'pending',
        queue.name,
        queue.table_name,
        {{schema}}.job_table_format(command, queue.table_name)
      FROM {{schema}}.queue
      WHERE partition = true;
    END;
    $function$
`}],enum:[`created`,`retry`,`active`,`completed`,`cancelled`,`failed`]},ze={tables:[`bam`,`instance`,`job`,`job_dependency`,`queue`,`queue_stats`,`schedule`,`subscription`,`version`,`warning`],columns:[{table:`bam`,column:`command`,type:`text`,notNull:!0,default:null},{table:`bam`,column:`completed_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`bam`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`clock_timestamp()`},{table:`bam`,column:`error`,type:`text`,notNull:!1,default:null},{table:`bam`,column:`id`,type:`uuid`,notNull:!0,default:`gen_random_uuid()`},{table:`bam`,column:`name`,type:`text`,notNull:!0,default:null},{table:`bam`,column:`queue`,type:`text`,notNull:!1,default:null},{table:`bam`,column:`started_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`bam`,column:`status`,type:`text`,notNull:!0,default:`'pending'::text`},{table:`bam`,column:`table_name`,type:`text`,notNull:!0,default:null},{table:`bam`,column:`version`,type:`integer`,notNull:!0,default:null},{table:`instance`,column:`application_name`,type:`text`,notNull:!1,default:null},{table:`instance`,column:`config`,type:`jsonb`,notNull:!0,default:`'{}'::jsonb`},{table:`instance`,column:`crash_restarts`,type:`integer`,notNull:!0,default:`0`},{table:`instance`,column:`crash_restarts_since`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`instance`,column:`heartbeat_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`instance`,column:`heartbeat_seconds`,type:`integer`,notNull:!0,default:null},{table:`instance`,column:`host`,type:`text`,notNull:!0,default:null},{table:`instance`,column:`id`,type:`uuid`,notNull:!0,default:null},{table:`instance`,column:`metrics`,type:`jsonb`,notNull:!1,default:null},{table:`instance`,column:`migrate`,type:`boolean`,notNull:!0,default:null},{table:`instance`,column:`name`,type:`text`,notNull:!1,default:null},{table:`instance`,column:`node_version`,type:`text`,notNull:!0,default:null},{table:`instance`,column:`persist_queue_stats`,type:`boolean`,notNull:!0,default:null},{table:`instance`,column:`persist_warnings`,type:`boolean`,notNull:!0,default:null},{table:`instance`,column:`pid`,type:`integer`,notNull:!0,default:null},{table:`instance`,column:`pool_idle`,type:`integer`,notNull:!1,default:null},{table:`instance`,column:`pool_max`,type:`integer`,notNull:!1,default:null},{table:`instance`,column:`pool_total`,type:`integer`,notNull:!1,default:null},{table:`instance`,column:`pool_waiting`,type:`integer`,notNull:!1,default:null},{table:`instance`,column:`schedule`,type:`boolean`,notNull:!0,default:null},{table:`instance`,column:`started_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`instance`,column:`stopped_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`instance`,column:`supervise`,type:`boolean`,notNull:!0,default:null},{table:`instance`,column:`version`,type:`text`,notNull:!0,default:null},{table:`instance`,column:`workers`,type:`jsonb`,notNull:!0,default:`'[]'::jsonb`},{table:`job_dependency`,column:`child_id`,type:`uuid`,notNull:!0,default:null},{table:`job_dependency`,column:`child_name`,type:`text`,notNull:!0,default:null},{table:`job_dependency`,column:`parent_id`,type:`uuid`,notNull:!0,default:null},{table:`job_dependency`,column:`parent_name`,type:`text`,notNull:!0,default:null},{table:`job`,column:`blocked`,type:`boolean`,notNull:!0,default:`false`},{table:`job`,column:`blocking`,type:`boolean`,notNull:!0,default:`false`},{table:`job`,column:`completed_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`job`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`job`,column:`data`,type:`jsonb`,notNull:!1,default:null},{table:`job`,column:`dead_letter`,type:`text`,notNull:!1,default:null},{table:`job`,column:`deletion_seconds`,type:`integer`,notNull:!0,default:`604800`},{table:`job`,column:`expire_seconds`,type:`integer`,notNull:!0,default:`900`},{table:`job`,column:`group_id`,type:`text`,notNull:!1,default:null},{table:`job`,column:`group_tier`,type:`text`,notNull:!1,default:null},{table:`job`,column:`heartbeat_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`job`,column:`heartbeat_seconds`,type:`integer`,notNull:!1,default:null},{table:`job`,column:`id`,type:`uuid`,notNull:!0,default:`gen_random_uuid()`},{table:`job`,column:`keep_until`,type:`timestamp with time zone`,notNull:!0,default:`(now() + '336:00:00'::interval)`},{table:`job`,column:`name`,type:`text`,notNull:!0,default:null},{table:`job`,column:`output`,type:`jsonb`,notNull:!1,default:null},{table:`job`,column:`pending_dependencies`,type:`integer`,notNull:!0,default:`0`},{table:`job`,column:`policy`,type:`text`,notNull:!1,default:null},{table:`job`,column:`priority`,type:`integer`,notNull:!0,default:`0`},{table:`job`,column:`retry_backoff`,type:`boolean`,notNull:!0,default:`false`},{table:`job`,column:`retry_count`,type:`integer`,notNull:!0,default:`0`},{table:`job`,column:`retry_delay`,type:`integer`,notNull:!0,default:`0`},{table:`job`,column:`retry_delay_max`,type:`integer`,notNull:!1,default:null},{table:`job`,column:`retry_limit`,type:`integer`,notNull:!0,default:`2`},{table:`job`,column:`singleton_key`,type:`text`,notNull:!1,default:null},{table:`job`,column:`singleton_on`,type:`timestamp without time zone`,notNull:!1,default:null},{table:`job`,column:`source_created_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`job`,column:`source_id`,type:`uuid`,notNull:!1,default:null},{table:`job`,column:`source_name`,type:`text`,notNull:!1,default:null},{table:`job`,column:`source_output`,type:`jsonb`,notNull:!1,default:null},{table:`job`,column:`source_retry_count`,type:`integer`,notNull:!1,default:null},{table:`job`,column:`source_root_id`,type:`uuid`,notNull:!1,default:null},{table:`job`,column:`start_after`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`job`,column:`started_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`job`,column:`state`,type:`{{schema}}.job_state`,notNull:!0,default:`'created'::{{schema}}.job_state`},{table:`job`,column:`trace_context`,type:`jsonb`,notNull:!1,default:null},{table:`job`,column:`upsert_by_key`,type:`boolean`,notNull:!1,default:null},{table:`queue_stats`,column:`active_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue_stats`,column:`captured_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`queue_stats`,column:`completed_delta`,type:`integer`,notNull:!1,default:null},{table:`queue_stats`,column:`created_delta`,type:`integer`,notNull:!1,default:null},{table:`queue_stats`,column:`deferred_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue_stats`,column:`delta_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`queue_stats`,column:`delta_seconds`,type:`integer`,notNull:!1,default:null},{table:`queue_stats`,column:`failed_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue_stats`,column:`failed_delta`,type:`integer`,notNull:!1,default:null},{table:`queue_stats`,column:`id`,type:`uuid`,notNull:!0,default:`gen_random_uuid()`},{table:`queue_stats`,column:`name`,type:`text`,notNull:!0,default:null},{table:`queue_stats`,column:`queued_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue_stats`,column:`ready_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue_stats`,column:`ready_oldest_seconds`,type:`integer`,notNull:!1,default:null},{table:`queue_stats`,column:`run_bins`,type:`integer[]`,notNull:!1,default:null},{table:`queue_stats`,column:`total_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue_stats`,column:`wait_bins`,type:`integer[]`,notNull:!1,default:null},{table:`queue`,column:`active_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`blocked_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`completed_delta`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`created_delta`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`queue`,column:`dead_letter`,type:`text`,notNull:!1,default:null},{table:`queue`,column:`deferred_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`deletion_seconds`,type:`integer`,notNull:!0,default:null},{table:`queue`,column:`delta_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`queue`,column:`delta_seconds`,type:`integer`,notNull:!1,default:null},{table:`queue`,column:`expire_seconds`,type:`integer`,notNull:!0,default:null},{table:`queue`,column:`failed_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`failed_delta`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`heartbeat_seconds`,type:`integer`,notNull:!1,default:null},{table:`queue`,column:`maintain_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`queue`,column:`monitor_claim_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`queue`,column:`monitor_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`queue`,column:`name`,type:`text`,notNull:!0,default:null},{table:`queue`,column:`notify`,type:`boolean`,notNull:!0,default:`false`},{table:`queue`,column:`partition`,type:`boolean`,notNull:!0,default:null},{table:`queue`,column:`policy`,type:`text`,notNull:!0,default:null},{table:`queue`,column:`queued_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`ready_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`ready_history`,type:`integer[]`,notNull:!0,default:`'{}'::integer[]`},{table:`queue`,column:`ready_oldest_seconds`,type:`integer`,notNull:!1,default:null},{table:`queue`,column:`retained_count`,type:`integer`,notNull:!1,default:null},{table:`queue`,column:`retained_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`queue`,column:`retention_seconds`,type:`integer`,notNull:!0,default:null},{table:`queue`,column:`retry_backoff`,type:`boolean`,notNull:!0,default:null},{table:`queue`,column:`retry_delay`,type:`integer`,notNull:!0,default:null},{table:`queue`,column:`retry_delay_max`,type:`integer`,notNull:!1,default:null},{table:`queue`,column:`retry_limit`,type:`integer`,notNull:!0,default:null},{table:`queue`,column:`run_bins`,type:`integer[]`,notNull:!1,default:null},{table:`queue`,column:`singletons_active`,type:`text[]`,notNull:!1,default:null},{table:`queue`,column:`table_name`,type:`text`,notNull:!0,default:null},{table:`queue`,column:`total_count`,type:`integer`,notNull:!0,default:`0`},{table:`queue`,column:`updated_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`queue`,column:`wait_bins`,type:`integer[]`,notNull:!1,default:null},{table:`queue`,column:`warning_queued`,type:`integer`,notNull:!0,default:`0`},{table:`schedule`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`schedule`,column:`cron`,type:`text`,notNull:!0,default:null},{table:`schedule`,column:`data`,type:`jsonb`,notNull:!1,default:null},{table:`schedule`,column:`key`,type:`text`,notNull:!0,default:`''::text`},{table:`schedule`,column:`kind`,type:`text`,notNull:!0,default:`'cron'::text`},{table:`schedule`,column:`last_job_id`,type:`uuid`,notNull:!1,default:null},{table:`schedule`,column:`name`,type:`text`,notNull:!0,default:null},{table:`schedule`,column:`options`,type:`jsonb`,notNull:!1,default:null},{table:`schedule`,column:`timezone`,type:`text`,notNull:!1,default:`'UTC'::text`},{table:`schedule`,column:`updated_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`subscription`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`subscription`,column:`event`,type:`text`,notNull:!0,default:null},{table:`subscription`,column:`name`,type:`text`,notNull:!0,default:null},{table:`subscription`,column:`updated_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`version`,column:`bam_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`version`,column:`cron_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`version`,column:`flow_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`version`,column:`monitor_backoff_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`version`,column:`reindex_on`,type:`timestamp with time zone`,notNull:!1,default:null},{table:`version`,column:`version`,type:`integer`,notNull:!0,default:null},{table:`warning`,column:`created_on`,type:`timestamp with time zone`,notNull:!0,default:`now()`},{table:`warning`,column:`data`,type:`jsonb`,notNull:!1,default:null},{table:`warning`,column:`id`,type:`uuid`,notNull:!0,default:`gen_random_uuid()`},{table:`warning`,column:`message`,type:`text`,notNull:!0,default:null},{table:`warning`,column:`type`,type:`text`,notNull:!0,default:null}],constraints:[{table:`bam`,def:`PRIMARY KEY (id)`},{table:`instance`,def:`PRIMARY KEY (id)`},{table:`job_dependency`,def:`PRIMARY KEY (child_name, child_id, parent_name, parent_id)`},{table:`job`,def:`CHECK ((NOT ((policy = 'key_strict_fifo'::text) AND (singleton_key IS NULL))))`},{table:`job`,def:`FOREIGN KEY (dead_letter) REFERENCES {{schema}}.queue(name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED`},{table:`job`,def:`FOREIGN KEY (name) REFERENCES {{schema}}.queue(name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED`},{table:`job`,def:`PRIMARY KEY (name, id)`},{table:`queue_stats`,def:`PRIMARY KEY (id)`},{table:`queue`,def:`CHECK ((dead_letter IS DISTINCT FROM name))`},{table:`queue`,def:`FOREIGN KEY (dead_letter) REFERENCES {{schema}}.queue(name)`},{table:`queue`,def:`PRIMARY KEY (name)`},{table:`schedule`,def:`CHECK ((kind = ANY (ARRAY['cron'::text, 'rrule'::text])))`},{table:`schedule`,def:`FOREIGN KEY (name) REFERENCES {{schema}}.queue(name) ON DELETE CASCADE`},{table:`schedule`,def:`PRIMARY KEY (name, key)`},{table:`subscription`,def:`FOREIGN KEY (name) REFERENCES {{schema}}.queue(name) ON DELETE CASCADE`},{table:`subscription`,def:`PRIMARY KEY (event, name)`},{table:`version`,def:`PRIMARY KEY (version)`},{table:`warning`,def:`PRIMARY KEY (id)`}],indexes:[{name:`job_dep_parent_idx`,table:`job_dependency`,valid:!0,def:`CREATE INDEX job_dep_parent_idx ON {{schema}}.job_dependency USING btree (parent_name, parent_id)`},{name:`job_i1`,table:`job`,valid:!0,def:`CREATE UNIQUE INDEX job_i1 ON {{schema}}.job USING btree (name, COALESCE(singleton_key, ''::text)) WHERE ((state = 'created'::{{schema}}.job_state) AND (policy = 'short'::text))`},{name:`job_i10`,table:`job`,valid:!0,def:`CREATE INDEX job_i10 ON {{schema}}.job USING btree (name, singleton_key, state DESC, created_on, id) INCLUDE (start_after) WHERE ((state < 'active'::{{schema}}.job_state) AND (NOT blocked) AND (policy = 'key_strict_fifo'::text))`},{name:`job_i11`,table:`job`,valid:!0,def:`CREATE INDEX job_i11 ON {{schema}}.job USING btree (name, priority DESC, created_on, start_after) WHERE ((state < 'active'::{{schema}}.job_state) AND (NOT blocked))`},{name:`job_i12`,table:`job`,valid:!0,def:`CREATE INDEX job_i12 ON {{schema}}.job USING btree (source_root_id) WHERE (source_root_id IS NOT NULL)`},{name:`job_i13`,table:`job`,valid:!0,def:`CREATE UNIQUE INDEX job_i13 ON {{schema}}.job USING btree (name, singleton_key) WHERE ((state = 'created'::{{schema}}.job_state) AND upsert_by_key)`},{name:`job_i14`,table:`job`,valid:!0,def:`CREATE INDEX job_i14 ON {{schema}}.job USING btree (name, state, blocked, start_after) WHERE (state = ANY (ARRAY['created'::{{schema}}.job_state, 'retry'::{{schema}}.job_state, 'active'::{{schema}}.job_state, 'failed'::{{schema}}.job_state]))`},{name:`job_i15`,table:`job`,valid:!0,def:`CREATE INDEX job_i15 ON {{schema}}.job USING btree (name, created_on)`},{name:`job_i16`,table:`job`,valid:!0,def:`CREATE INDEX job_i16 ON {{schema}}.job USING btree (name, completed_on) WHERE (completed_on IS NOT NULL)`},{name:`job_i17`,table:`job`,valid:!0,def:`CREATE INDEX job_i17 ON {{schema}}.job USING btree (name, singleton_key, created_on) WHERE ((state < 'active'::{{schema}}.job_state) AND (singleton_key IS NOT NULL))`},{name:`job_i2`,table:`job`,valid:!0,def:`CREATE UNIQUE INDEX job_i2 ON {{schema}}.job USING btree (name, COALESCE(singleton_key, ''::text)) WHERE ((state = 'active'::{{schema}}.job_state) AND (policy = 'singleton'::text))`},{name:`job_i3`,table:`job`,valid:!0,def:`CREATE UNIQUE INDEX job_i3 ON {{schema}}.job USING btree (name, state, COALESCE(singleton_key, ''::text)) WHERE ((state <= 'active'::{{schema}}.job_state) AND (policy = 'stately'::text))`},{name:`job_i4`,table:`job`,valid:!0,def:`CREATE UNIQUE INDEX job_i4 ON {{schema}}.job USING btree (name, singleton_on, COALESCE(singleton_key, ''::text)) WHERE ((state <> 'cancelled'::{{schema}}.job_state) AND (singleton_on IS NOT NULL))`},{name:`job_i6`,table:`job`,valid:!0,def:`CREATE UNIQUE INDEX job_i6 ON {{schema}}.job USING btree (name, COALESCE(singleton_key, ''::text)) WHERE ((state <= 'active'::{{schema}}.job_state) AND (policy = 'exclusive'::text))`},{name:`job_i7`,table:`job`,valid:!0,def:`CREATE INDEX job_i7 ON {{schema}}.job USING btree (name, group_id) WHERE ((state = 'active'::{{schema}}.job_state) AND (group_id IS NOT NULL))`},{name:`job_i8`,table:`job`,valid:!0,def:`CREATE UNIQUE INDEX job_i8 ON {{schema}}.job USING btree (name, singleton_key) WHERE ((state = ANY (ARRAY['active'::{{schema}}.job_state, 'retry'::{{schema}}.job_state, 'failed'::{{schema}}.job_state])) AND (policy = 'key_strict_fifo'::text))`},{name:`job_i9`,table:`job`,valid:!0,def:`CREATE INDEX job_i9 ON {{schema}}.job USING btree (name, id) WHERE (blocking AND (state = 'completed'::{{schema}}.job_state))`},{name:`queue_stats_i1`,table:`queue_stats`,valid:!0,def:`CREATE INDEX queue_stats_i1 ON {{schema}}.queue_stats USING btree (name, captured_on DESC) INCLUDE (deferred_count, queued_count, ready_count, active_count, failed_count, total_count)`},{name:`queue_stats_i2`,table:`queue_stats`,valid:!0,def:`CREATE INDEX queue_stats_i2 ON {{schema}}.queue_stats USING btree (captured_on, id)`},{name:`warning_i1`,table:`warning`,valid:!0,def:`CREATE INDEX warning_i1 ON {{schema}}.warning USING btree (created_on DESC)`}],functions:[{name:`create_queue`,def:`CREATE OR REPLACE FUNCTION {{schema}}.create_queue(queue_name text, options jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
      BEGIN
        INSERT INTO {{schema}}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name,
          heartbeat_seconds,
          created_on,
          updated_on
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, 2),
          COALESCE((options->>'retryDelay')::int, 0),
          COALESCE((options->>'retryBackoff')::bool, false),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, 900),
          COALESCE((options->>'retentionSeconds')::int, 1209600),
          COALESCE((options->>'deleteAfterSeconds')::int, 604800),
          COALESCE((options->>'warningQueueSize')::int, 0),
          options->>'deadLetter',
          false,
          'job',
          (options->>'heartbeatSeconds')::int,
          {{schema}}.job_now(),
          {{schema}}.job_now()
        )
        ON CONFLICT DO NOTHING;
      END;
      $function$
`},{name:`delete_queue`,def:`CREATE OR REPLACE FUNCTION {{schema}}.delete_queue(queue_name text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
    BEGIN
      DELETE FROM {{schema}}.job WHERE name = queue_name;
      DELETE FROM {{schema}}.queue WHERE name = queue_name;
    END;
    $function$
`},{name:`job_now`,def:`CREATE OR REPLACE FUNCTION {{schema}}.job_now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
      SELECT pg_catalog.now();
    $function$
`}],enum:[`created`,`retry`,`active`,`completed`,`cancelled`,`failed`]};const Be={divisionByZero:`22012`,lockNotAvailable:`55P03`,foreignKeyViolation:`23503`,undefinedTable:`42P01`,checkViolation:`23514`},Ve=`pgboss`,w=/'/g,He=86400,T=Object.freeze({created:`created`,retry:`retry`,active:`active`,completed:`completed`,cancelled:`cancelled`,failed:`failed`}),E=Object.freeze({standard:`standard`,short:`short`,singleton:`singleton`,stately:`stately`,exclusive:`exclusive`,key_strict_fifo:`key_strict_fifo`}),Ue=Object.freeze({cron:`cron`,rrule:`rrule`}),We=Object.freeze({skip:`skip`,once:`once`}),D={expire_seconds:900,retention_seconds:1209600,deletion_seconds:604800,retry_limit:2,retry_delay:0,warning_queued:0,retry_backoff:!1,partition:!1},Ge=`state IN ('${T.created}', '${T.retry}', '${T.active}', '${T.failed}')`,Ke=`state IN ('${T.completed}', '${T.cancelled}')`,O=`job_common`;function qe(e,t){let n=t.flatMap(e=>e.split(`;`)).map(e=>e.trim().replace(/\s+/g,` `)).filter(Boolean).map(e=>{let t=e.match(/^ALTER TABLE \S+ ADD PRIMARY KEY (\(.+\))$/i);if(t)return`PRIMARY KEY ${t[1]}`;if(t=e.match(/^ALTER TABLE \S+ ADD CONSTRAINT (\S+) (.+)$/i),t)return`CONSTRAINT ${t[1]} ${t[2]}`;if(t=e.match(/^CREATE (UNIQUE )?INDEX (?:IF NOT EXISTS )?(\S+) ON \S+ (\(.+)$/i),t)return g(!/\bINCLUDE\s*\(/i.test(t[3]),`inlineIntoCreateTable: covering index ${t[2]} has no inline form`),`${t[1]??``}INDEX ${t[2]} ${t[3]}`;throw Error(`inlineIntoCreateTable: cannot inline: ${e}`)}),r=e.lastIndexOf(`)`);return g(r>0,`inlineIntoCreateTable: no column list to extend`),`${e.slice(0,r).trimEnd()},\n      ${n.join(`,
      `)}\n    ${e.slice(r)}`}function Je(e,t,n){let r=n?.noTablePartitioning??!1,i=n?.noDeferrableConstraints??!1,a=n?.noAdvisoryLocks??!1,o=n?.noCoveringIndexes??!1;return(n?.inlineTableIndexes??!1)&&r?$i(e,Ye(e,t,{createSchema:n?.createSchema,noDeferrable:i,noCovering:o}),void 0,a):$i(e,[n?.createSchema?Xe(e):``,Ze(e),at(e),ot(e),st(e),ct(e),lt(e),ut(e),r?``:Nt(e),r?``:Pt(e),r?``:Ft(e),It(e,r),Jt(e),r?Bt(e,i,o):zt(e),dt(e),ft(e),Jn(e,r),Yn(e,o),r?Xn(e):``,r?``:Zn(e),pt(e),jt(e),Mt(e),Vt(e,r),Ht(e,r),ur(e,t)],void 0,a)}function Ye(e,t,n){return[n.createSchema?Xe(e):``,Ze(e),at(e),ot(e),st(e),ct(e),lt(e),ut(e),qe(It(e,!0),[Jt(e),Bt(e,n.noDeferrable,n.noCovering)]),qe(dt(e),[ft(e)]),qe(Jn(e,!0),[Yn(e,n.noCovering),Xn(e)]),qe(pt(e),[jt(e)]),Mt(e),Vt(e,!0),Ht(e,!0),ur(e,t)]}function Xe(e){return`CREATE SCHEMA IF NOT EXISTS ${e}`}function Ze(e){return`
    CREATE TYPE ${e}.job_state AS ENUM (
      '${T.created}',
      '${T.retry}',
      '${T.active}',
      '${T.completed}',
      '${T.cancelled}',
      '${T.failed}'
    )
  `}const Qe=`pgboss.test_clock`;function $e(e){return`${e}.__pgboss_test_clock`}function et(e){return`SELECT COALESCE(CASE WHEN current_setting('${Qe}', true) = 'on' THEN (SELECT c.now FROM ${$e(e)} c LIMIT 1) END, pg_catalog.now());`}function tt(){return`SET ${Qe} = 'on'`}function nt(e){return`
    SELECT p.prosrc AS source
    FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = '${C(e).replace(w,`''`)}'
      AND p.proname = 'job_now'
  `}function rt(e){return!!e?.includes(Qe)}function it(e){return`
    ${at(e,{replace:!0})}
    DROP TABLE IF EXISTS ${$e(e)};
  `}function at(e,t={}){let{replace:n=!1,body:r=`SELECT pg_catalog.now();`}=t;return`
    CREATE ${n?`OR REPLACE `:``}FUNCTION ${e}.job_now()
    RETURNS timestamp with time zone AS
    $$
      ${r}
    $$
    LANGUAGE sql STABLE;
  `}function ot(e){return`
    CREATE TABLE ${e}.version (
      version int primary key,
      cron_on timestamp with time zone,
      bam_on timestamp with time zone,
      flow_on timestamp with time zone,
      reindex_on timestamp with time zone,
      monitor_backoff_on timestamp with time zone
    )
  `}function st(e){return`
    CREATE TABLE ${e}.queue (
      name text NOT NULL,
      policy text NOT NULL,
      retry_limit int NOT NULL,
      retry_delay int NOT NULL,
      retry_backoff bool NOT NULL,
      retry_delay_max int,
      expire_seconds int NOT NULL,
      retention_seconds int NOT NULL,
      deletion_seconds int NOT NULL,
      dead_letter text REFERENCES ${e}.queue (name) CHECK (dead_letter IS DISTINCT FROM name),
      partition bool NOT NULL,
      table_name text NOT NULL,
      deferred_count int NOT NULL default 0,
      blocked_count int NOT NULL default 0,
      queued_count int NOT NULL default 0,
      ready_count int NOT NULL default 0,
      warning_queued int NOT NULL default 0,
      active_count int NOT NULL default 0,
      failed_count int NOT NULL default 0,
      total_count int NOT NULL default 0,
      retained_count int,
      retained_on timestamp with time zone,
      created_delta int NOT NULL default 0,
      completed_delta int NOT NULL default 0,
      failed_delta int NOT NULL default 0,
      delta_on timestamp with time zone,
      delta_seconds int,
      wait_bins int[],
      run_bins int[],
      ready_oldest_seconds int,
      ready_history int[] NOT NULL default '{}',
      heartbeat_seconds int,
      notify bool NOT NULL DEFAULT false,
      singletons_active text[],
      monitor_claim_on timestamp with time zone,
      monitor_on timestamp with time zone,
      maintain_on timestamp with time zone,
      created_on timestamp with time zone not null default now(),
      updated_on timestamp with time zone not null default now(),
      PRIMARY KEY (name)
    )
  `}function ct(e){return`
    CREATE TABLE ${e}.schedule (
      name text REFERENCES ${e}.queue ON DELETE CASCADE,
      key text not null DEFAULT '',
      kind text not null DEFAULT '${Ue.cron}' CHECK (kind IN ('${Ue.cron}', '${Ue.rrule}')),
      cron text not null,
      timezone text DEFAULT 'UTC',
      data jsonb,
      options jsonb,
      created_on timestamp with time zone not null default now(),
      updated_on timestamp with time zone not null default now(),
      last_job_id uuid,
      PRIMARY KEY (name, key)
    )
  `}function lt(e){return`
    CREATE TABLE ${e}.subscription (
      event text not null,
      name text not null REFERENCES ${e}.queue ON DELETE CASCADE,
      created_on timestamp with time zone not null default now(),
      updated_on timestamp with time zone not null default now(),
      PRIMARY KEY(event, name)
    )
  `}function ut(e){return`
    CREATE TABLE ${e}.bam (
      id uuid PRIMARY KEY default gen_random_uuid(),
      name text NOT NULL,
      version int NOT NULL,
      status text NOT NULL DEFAULT 'pending',
      queue text,
      table_name text NOT NULL,
      command text NOT NULL,
      error text,
      created_on timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
      started_on timestamp with time zone,
      completed_on timestamp with time zone
    )
  `}function dt(e){return`
    CREATE TABLE ${e}.warning (
      id uuid PRIMARY KEY default gen_random_uuid(),
      type text NOT NULL,
      message text NOT NULL,
      data jsonb,
      created_on timestamp with time zone NOT NULL DEFAULT now()
    )
  `}function ft(e){return`CREATE INDEX warning_i1 ON ${e}.warning (created_on DESC)`}function pt(e){return`
    CREATE TABLE ${e}.job_dependency (
      child_name text NOT NULL,
      child_id uuid NOT NULL,
      parent_name text NOT NULL,
      parent_id uuid NOT NULL,
      PRIMARY KEY (child_name, child_id, parent_name, parent_id)
    )
  `}function mt(e){return`(stopped_on IS NOT NULL OR heartbeat_on < ${e}.job_now() - heartbeat_seconds * 3 * interval '1 second')`}function ht(e,t,n){return`
    DELETE FROM ${e}.instance
    WHERE id IN (
      SELECT id FROM ${e}.instance
      WHERE id IN (
        SELECT id FROM (
          SELECT id, row_number() OVER (ORDER BY started_on DESC, id DESC) as n
          FROM ${e}.instance
          WHERE ${t} AND ${mt(e)}
        ) ranked
        WHERE n > ${n}
      )
      FOR UPDATE SKIP LOCKED
    )
  `}function gt(e,t){return ht(e,`id <> $1 AND (CASE WHEN $2::text IS NULL THEN name IS NULL AND host = $3 ELSE name = $2 END)`,t)}function _t(e,t){return ht(e,`true`,t)}function vt(e){return`
    me AS (SELECT id, started_on FROM ${e}.instance WHERE id = $1),
    slot AS (
      SELECT i.*
      FROM ${e}.instance i, me
      WHERE i.id <> me.id
        AND i.host = $3
        AND (i.name = $2 OR (i.name IS NULL AND $2::text IS NULL))
        AND i.started_on < me.started_on
        AND i.heartbeat_on <= me.started_on
        AND NOT (i.pid = $4 AND i.started_on >= $5::timestamptz)
    ),
    boundary AS (SELECT max(started_on) as at FROM slot WHERE stopped_on IS NOT NULL),
    streak AS (
      SELECT s.*
      FROM slot s, boundary b
      WHERE s.stopped_on IS NULL
        AND (b.at IS NULL OR s.started_on > b.at)
    )`}function yt(e){return`(heartbeat_on < ${e}.job_now() - heartbeat_seconds * 3 * interval '1 second'
        OR (pid = $4 AND heartbeat_on < $5::timestamptz))`}function bt(e){return`
    WITH ${vt(e)},
    crashed AS (
      SELECT id, crash_restarts, crash_restarts_since, heartbeat_on,
        row_number() OVER (ORDER BY started_on, id) as n,
        count(*) OVER () as k
      FROM streak
      WHERE ${yt(e)}
    ),
    head AS (
      SELECT crash_restarts as base, COALESCE(crash_restarts_since, heartbeat_on) as since, k
      FROM crashed WHERE n = 1
    ),
    counts AS (
      SELECT c.id, h.base + c.n - 1 as restarts, h.since
      FROM crashed c, head h
      WHERE c.n > 1
      UNION ALL
      SELECT me.id, COALESCE(h.base + h.k, 0), h.since
      FROM me LEFT JOIN head h ON true
    )
    UPDATE ${e}.instance i
    SET crash_restarts = counts.restarts::int,
      crash_restarts_since = counts.since
    FROM counts
    WHERE i.id = counts.id
  `}function xt(e){return`
    WITH ${vt(e)}
    SELECT max(heartbeat_on + heartbeat_seconds * 3 * interval '1 second') as "recountAt"
    FROM streak
    WHERE NOT ${yt(e)}
  `}const St=`id, name, host, pid, version, node_version, heartbeat_seconds,
      supervise, schedule, migrate, persist_queue_stats, persist_warnings,
      pool_max, pool_total, pool_idle, pool_waiting, workers, metrics, config, application_name, started_on, heartbeat_on`,Ct=`$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17::text::jsonb, $18::text::jsonb, $19::text::jsonb,
      current_setting('application_name')`,wt=`pool_max = EXCLUDED.pool_max,
        pool_total = EXCLUDED.pool_total,
        pool_idle = EXCLUDED.pool_idle,
        pool_waiting = EXCLUDED.pool_waiting,
        workers = EXCLUDED.workers,
        metrics = EXCLUDED.metrics,
        heartbeat_on = EXCLUDED.heartbeat_on`;function Tt(e){return`
    INSERT INTO ${e}.instance (${St})
    VALUES (${Ct}, ${e}.job_now(), ${e}.job_now())
    ON CONFLICT (id) DO UPDATE SET
      name = EXCLUDED.name,
      host = EXCLUDED.host,
      pid = EXCLUDED.pid,
      version = EXCLUDED.version,
      node_version = EXCLUDED.node_version,
      heartbeat_seconds = EXCLUDED.heartbeat_seconds,
      supervise = EXCLUDED.supervise,
      schedule = EXCLUDED.schedule,
      migrate = EXCLUDED.migrate,
      persist_queue_stats = EXCLUDED.persist_queue_stats,
      persist_warnings = EXCLUDED.persist_warnings,
      application_name = EXCLUDED.application_name,
      config = EXCLUDED.config,
      started_on = EXCLUDED.started_on,
      stopped_on = NULL,
      crash_restarts = 0,
      crash_restarts_since = NULL,
      ${wt}
    RETURNING started_on as "startedOn"
  `}function Et(e){return`
    INSERT INTO ${e}.instance (${St})
    VALUES (${Ct}, $20::timestamptz, ${e}.job_now())
    ON CONFLICT (id) DO UPDATE SET
      ${wt}
  `}function Dt(e){return`UPDATE ${e}.instance SET stopped_on = ${e}.job_now() WHERE id = $1`}function Ot(e,t){return`
    DELETE FROM ${e}.instance
    WHERE heartbeat_on < ${e}.job_now() - interval '${t} days'
  `}function kt(e,t=!1){return`
    SELECT
      id,
      name,
      host,
      pid,
      version,
      node_version as "nodeVersion",
      application_name as "applicationName",
      heartbeat_seconds as "heartbeatSeconds",
      supervise,
      schedule,
      migrate,
      persist_queue_stats as "persistQueueStats",
      persist_warnings as "persistWarnings",
      pool_max as "poolMax",
      pool_total as "poolTotal",
      pool_idle as "poolIdle",
      pool_waiting as "poolWaiting",
      workers,
      metrics,
      config,
      crash_restarts as "crashRestarts",
      crash_restarts_since as "crashRestartsSince",
      started_on as "startedOn",
      heartbeat_on as "heartbeatOn",
      stopped_on as "stoppedOn",
      stopped_on IS NULL AND heartbeat_on >= ${e}.job_now() - heartbeat_seconds * 3 * interval '1 second' as live
    FROM ${e}.instance
    ${t?`WHERE (started_on, id) > ((SELECT started_on FROM ${e}.instance WHERE id = $1::uuid), $1::uuid)`:``}
    ORDER BY started_on, id
    LIMIT ${t?`$2`:`$1`}
  `}function At(e){return`SELECT 1 FROM ${e}.instance WHERE id = $1::uuid`}function jt(e){return`CREATE INDEX IF NOT EXISTS job_dep_parent_idx ON ${e}.job_dependency (parent_name, parent_id)`}function Mt(e){return`
    CREATE TABLE ${e}.instance (
      id uuid PRIMARY KEY,
      name text,
      host text NOT NULL,
      pid int NOT NULL,
      version text NOT NULL,
      node_version text NOT NULL,
      application_name text,
      heartbeat_seconds int NOT NULL,
      supervise bool NOT NULL,
      schedule bool NOT NULL,
      migrate bool NOT NULL,
      persist_queue_stats bool NOT NULL,
      persist_warnings bool NOT NULL,
      pool_max int,
      pool_total int,
      pool_idle int,
      pool_waiting int,
      workers jsonb NOT NULL DEFAULT '[]'::jsonb,
      metrics jsonb,
      config jsonb NOT NULL DEFAULT '{}'::jsonb,
      crash_restarts int NOT NULL DEFAULT 0,
      crash_restarts_since timestamptz,
      started_on timestamptz NOT NULL DEFAULT now(),
      heartbeat_on timestamptz NOT NULL DEFAULT now(),
      stopped_on timestamptz
    )
  `}function Nt(e){return`
    CREATE FUNCTION ${e}.job_table_format(command text, table_name text)
    RETURNS text AS
    $$
      SELECT format(
        regexp_replace(
          regexp_replace(command, '\\.job\\y', '.%1$I', 'g'),
          '\\yjob_i(\\d+)', '%1$s_i\\1', 'g'
        ),
        table_name
      );
    $$
    LANGUAGE sql IMMUTABLE;
  `}function Pt(e){return`
    CREATE FUNCTION ${e}.job_table_run(command text, tbl_name text DEFAULT NULL, queue_name text DEFAULT NULL)
    RETURNS VOID AS
    $$
    DECLARE
      tbl RECORD;
    BEGIN
      IF queue_name IS NOT NULL THEN
        SELECT table_name INTO tbl_name FROM ${e}.queue WHERE name = queue_name;
      END IF;

      IF tbl_name IS NOT NULL THEN
        EXECUTE ${e}.job_table_format(command, tbl_name);
        RETURN;
      END IF;

      EXECUTE ${e}.job_table_format(command, '${O}');

      FOR tbl IN SELECT table_name FROM ${e}.queue WHERE partition = true
      LOOP
        EXECUTE ${e}.job_table_format(command, tbl.table_name);
      END LOOP;
    END;
    $$
    LANGUAGE plpgsql;
  `}function Ft(e){return`
    CREATE FUNCTION ${e}.job_table_run_async(command_name text, version int, command text, tbl_name text DEFAULT NULL, queue_name text DEFAULT NULL)
    RETURNS VOID AS
    $$
    BEGIN
      IF queue_name IS NOT NULL THEN
        SELECT table_name INTO tbl_name FROM ${e}.queue WHERE name = queue_name;
      END IF;

      IF tbl_name IS NOT NULL THEN
        INSERT INTO ${e}.bam (name, version, status, queue, table_name, command)
        VALUES (
          command_name,
          version,
          'pending',
          queue_name,
          tbl_name,
          ${e}.job_table_format(command, tbl_name)
        );
        RETURN;
      END IF;

      INSERT INTO ${e}.bam (name, version, status, queue, table_name, command)
      SELECT
        command_name,
        version,
        'pending',
        NULL,
        '${O}',
        ${e}.job_table_format(command, '${O}')
      UNION ALL
      SELECT
        command_name,
        version,
        'pending',
        queue.name,
        queue.table_name,
        ${e}.job_table_format(command, queue.table_name)
      FROM ${e}.queue
      WHERE partition = true;
    END;
    $$
    LANGUAGE plpgsql;
  `}function It(e,t=!1){let n=t?``:`PARTITION BY LIST (name)`;return`
    CREATE TABLE ${e}.job (
      id uuid not null default gen_random_uuid(),
      name text not null,
      priority integer not null default(0),
      data jsonb,
      state ${e}.job_state not null default '${T.created}',
      retry_limit integer not null default ${D.retry_limit},
      retry_count integer not null default 0,
      retry_delay integer not null default ${D.retry_delay},
      retry_backoff boolean not null default ${D.retry_backoff},
      retry_delay_max integer,
      expire_seconds int not null default ${D.expire_seconds},
      deletion_seconds int not null default ${D.deletion_seconds},
      singleton_key text,
      singleton_on timestamp without time zone,
      group_id text,
      group_tier text,
      start_after timestamp with time zone not null default now(),
      created_on timestamp with time zone not null default now(),
      started_on timestamp with time zone,
      completed_on timestamp with time zone,
      keep_until timestamp with time zone NOT NULL default now() + interval '${D.retention_seconds}',
      output jsonb,
      dead_letter text,
      policy text,
      heartbeat_on timestamp with time zone,
      heartbeat_seconds int,
      blocked boolean not null default false,
      blocking boolean not null default false,
      pending_dependencies int not null default 0,
      source_name text,
      source_id uuid,
      source_created_on timestamp with time zone,
      source_retry_count int,
      source_output jsonb,
      source_root_id uuid,
      trace_context jsonb,
      upsert_by_key bool
    ) ${n}
  `}const Lt=`id, name, data, retry_count as "retryCount", expire_seconds as "expireInSeconds", heartbeat_seconds as "heartbeatSeconds", group_id as "groupId", group_tier as "groupTier"`,Rt=`${Lt},
  policy,
  state,
  priority,
  retry_limit as "retryLimit",
  retry_delay as "retryDelay",
  retry_backoff as "retryBackoff",
  retry_delay_max as "retryDelayMax",
  start_after as "startAfter",
  started_on as "startedOn",
  singleton_key as "singletonKey",
  singleton_on as "singletonOn",
  deletion_seconds as "deleteAfterSeconds",
  heartbeat_on as "heartbeatOn",
  created_on as "createdOn",
  completed_on as "completedOn",
  keep_until as "keepUntil",
  dead_letter as "deadLetter",
  blocked,
  blocking,
  pending_dependencies as "pendingDependencies",
  output,
  source_name as "sourceName",
  source_id as "sourceId",
  source_created_on as "sourceCreatedOn",
  source_retry_count as "sourceRetryCount",
  source_output as "sourceOutput",
  source_root_id as "sourceRootId"
`;function zt(e){return`
    CREATE TABLE ${e}.${O} (LIKE ${e}.job INCLUDING GENERATED INCLUDING DEFAULTS);

    SELECT ${e}.job_table_run($cmd$${Jt(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${Yt(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${Xt(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${Zt(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${Qt(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${$t(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${nn(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${rn(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${an(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${on(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${en(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${tn(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${sn(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${cn(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${ln(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${un(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${dn(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${fn(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${pn(e)}$cmd$, '${O}');
    SELECT ${e}.job_table_run($cmd$${mn(e)}$cmd$, '${O}');

    ALTER TABLE ${e}.job ATTACH PARTITION ${e}.${O} DEFAULT;
  `}function Bt(e,t=!1,n=!1){return`
    ${Yt(e,t)};
    ${Xt(e,t)};
    ${Zt(e)};
    ${Qt(e)};
    ${$t(e)};
    ${nn(e)};
    ${rn(e)};
    ${an(e,n)};
    ${on(e)};
    ${en(e)};
    ${tn(e,n)};
    ${sn(e)};
    ${cn(e)};
    ${ln(e)};
    ${un(e)};
    ${dn(e)};
    ${fn(e)};
    ${pn(e)};
    ${mn(e)};
  `}function Vt(e,t=!1){return t?`
      CREATE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
      RETURNS VOID AS
      $$
      BEGIN
        INSERT INTO ${e}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name,
          heartbeat_seconds,
          created_on,
          updated_on
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, ${D.retry_limit}),
          COALESCE((options->>'retryDelay')::int, ${D.retry_delay}),
          COALESCE((options->>'retryBackoff')::bool, ${D.retry_backoff}),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, ${D.expire_seconds}),
          COALESCE((options->>'retentionSeconds')::int, ${D.retention_seconds}),
          COALESCE((options->>'deleteAfterSeconds')::int, ${D.deletion_seconds}),
          COALESCE((options->>'warningQueueSize')::int, ${D.warning_queued}),
          options->>'deadLetter',
          false,
          'job',
          (options->>'heartbeatSeconds')::int,
          ${e}.job_now(),
          ${e}.job_now()
        )
        ON CONFLICT DO NOTHING;
      END;
      $$
      LANGUAGE plpgsql;
    `:`
    CREATE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
      tablename varchar := CASE WHEN options->>'partition' = 'true'
                            THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
                            ELSE '${O}'
                            END;
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
        INSERT INTO ${e}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name,
          heartbeat_seconds,
          notify,
          created_on,
          updated_on
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, ${D.retry_limit}),
          COALESCE((options->>'retryDelay')::int, ${D.retry_delay}),
          COALESCE((options->>'retryBackoff')::bool, ${D.retry_backoff}),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, ${D.expire_seconds}),
          COALESCE((options->>'retentionSeconds')::int, ${D.retention_seconds}),
          COALESCE((options->>'deleteAfterSeconds')::int, ${D.deletion_seconds}),
          COALESCE((options->>'warningQueueSize')::int, ${D.warning_queued}),
          options->>'deadLetter',
          COALESCE((options->>'partition')::bool, ${D.partition}),
          tablename,
          (options->>'heartbeatSeconds')::int,
          COALESCE((options->>'notify')::bool, false),
          ${e}.job_now(),
          ${e}.job_now()
        )
        ON CONFLICT DO NOTHING
        RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

      EXECUTE ${e}.job_table_format($cmd$${Jt(e)}$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$${Yt(e)}$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$${Xt(e)}$cmd$, tablename);

      EXECUTE ${e}.job_table_format($cmd$${tn(e)}$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$${en(e)}$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$${sn(e)}$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$${cn(e)}$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$${ln(e)}$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$${un(e)}$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$${dn(e)}$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$${fn(e)}$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$${pn(e)}$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$${mn(e)}$cmd$, tablename);

      IF options->>'policy' = 'short' THEN
        EXECUTE ${e}.job_table_format($cmd$${Zt(e)}$cmd$, tablename);
      ELSIF options->>'policy' = 'singleton' THEN
        EXECUTE ${e}.job_table_format($cmd$${Qt(e)}$cmd$, tablename);
      ELSIF options->>'policy' = 'stately' THEN
        EXECUTE ${e}.job_table_format($cmd$${$t(e)}$cmd$, tablename);
      ELSIF options->>'policy' = 'exclusive' THEN
        EXECUTE ${e}.job_table_format($cmd$${nn(e)}$cmd$, tablename);
      ELSIF options->>'policy' = '${E.key_strict_fifo}' THEN
        EXECUTE ${e}.job_table_format($cmd$${rn(e)}$cmd$, tablename);
        EXECUTE ${e}.job_table_format($cmd$${an(e)}$cmd$, tablename);
        EXECUTE ${e}.job_table_format($cmd$${on(e)}$cmd$, tablename);
      END IF;

      EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
      EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `}function Ht(e,t=!1){let n=t?`DELETE FROM ${e}.job WHERE name = queue_name;`:`
      SELECT table_name, partition
      FROM ${e}.queue
      WHERE name = queue_name
      INTO v_table, v_partition;

      IF v_partition THEN
        EXECUTE format('DROP TABLE IF EXISTS ${e}.%I', v_table);
      ELSE
        EXECUTE format('DELETE FROM ${e}.%I WHERE name = %L', v_table, queue_name);
      END IF;
    `;return`
    CREATE FUNCTION ${e}.delete_queue(queue_name text)
    RETURNS VOID AS
    $$${t?``:`
    DECLARE
      v_table varchar;
      v_partition bool;`}
    BEGIN
      ${n}
      DELETE FROM ${e}.queue WHERE name = queue_name;
    END;
    $$
    LANGUAGE plpgsql;
  `}function Ut(e,t,n,r){return $i(e,`SELECT ${e}.create_queue('${t}', '${JSON.stringify(n)}'::jsonb)`,`create-queue`,r)}function Wt(e){return`('pgboss_' || left(encode(sha224('${se(e)}'::bytea), 'hex'), 24))`}function Gt(e,t){return`SELECT pg_notify(${Wt(e)}, '${t}')`}function Kt(e){return`
    (SELECT name, 'queue' AS kind FROM ${e}.queue WHERE dead_letter = $1 AND name <> $1 LIMIT 1)
    UNION ALL
    (SELECT name, 'job' AS kind FROM ${e}.job WHERE dead_letter = $1 AND name <> $1 LIMIT 1)
    LIMIT 1
  `}function qt(e,t,n,r=!1){return $i(e,r?`
      DO $$
      DECLARE
        v_table text;
        v_partition bool;
      BEGIN
        SELECT table_name, partition FROM ${e}.queue WHERE name = '${t}' INTO v_table, v_partition;
        IF NOT FOUND THEN
          RETURN;
        END IF;

        IF v_partition AND to_regclass(format('${e}.%I', v_table)) IS NOT NULL THEN
          EXECUTE format('LOCK TABLE ${e}.${O}, ${e}.%I, ${e}.job IN ACCESS EXCLUSIVE MODE NOWAIT', v_table);
        END IF;

        PERFORM ${e}.delete_queue('${t}');

        IF v_partition THEN
          DELETE FROM ${e}.bam WHERE table_name = v_table AND status <> 'completed';
        END IF;
      END $$
    `:`SELECT ${e}.delete_queue('${t}')`,`delete-queue`,n)}function Jt(e){return`ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)`}function Yt(e,t=!1){return`ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT${t?``:` DEFERRABLE INITIALLY DEFERRED`}`}function Xt(e,t=!1){return`ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT${t?``:` DEFERRABLE INITIALLY DEFERRED`}`}function Zt(e){return`CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = '${T.created}' AND policy = '${E.short}'`}function Qt(e){return`CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = '${T.active}' AND policy = '${E.singleton}'`}function $t(e){return`CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= '${T.active}' AND policy = '${E.stately}'`}function en(e){return`CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> '${T.cancelled}' AND singleton_on IS NOT NULL`}function tn(e,t=!1){return`CREATE INDEX job_i11 ON ${e}.job (name, priority DESC, created_on, start_after) WHERE state < '${T.active}' AND NOT blocked`}function nn(e){return`CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= '${T.active}' AND policy = '${E.exclusive}'`}function rn(e){return`CREATE UNIQUE INDEX job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('${T.active}', '${T.retry}', '${T.failed}') AND policy = '${E.key_strict_fifo}'`}function an(e,t=!1){return`CREATE INDEX job_i10 ON ${e}.job (name, singleton_key, state DESC, created_on, id)${t?``:` INCLUDE (start_after)`} WHERE state < '${T.active}' AND NOT blocked AND policy = '${E.key_strict_fifo}'`}function on(e){return`ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = '${E.key_strict_fifo}' AND singleton_key IS NULL))`}function sn(e){return`CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = '${T.active}' AND group_id IS NOT NULL`}function cn(e){return`CREATE INDEX job_i9 ON ${e}.job (name, id) WHERE blocking AND state = '${T.completed}'`}function ln(e){return`CREATE INDEX job_i12 ON ${e}.job (source_root_id) WHERE source_root_id IS NOT NULL`}function un(e){return`CREATE UNIQUE INDEX job_i13 ON ${e}.job (name, singleton_key) WHERE state = '${T.created}' AND upsert_by_key`}function dn(e){return`CREATE INDEX job_i14 ON ${e}.job (name, state, blocked, start_after) WHERE ${Ge}`}function fn(e){return`CREATE INDEX job_i15 ON ${e}.job (name, created_on)`}function pn(e){return`CREATE INDEX job_i16 ON ${e}.job (name, completed_on) WHERE completed_on IS NOT NULL`}function mn(e){return`CREATE INDEX job_i17 ON ${e}.job (name, singleton_key, created_on) WHERE state < '${T.active}' AND singleton_key IS NOT NULL`}function hn(e,t,n,r){return{text:`
    WITH due AS (
      SELECT name
      FROM ${e}.queue
      WHERE name = ANY($1::text[])
        AND EXTRACT( EPOCH FROM (${e}.job_now() - COALESCE(monitor_claim_on, monitor_on, ${e}.job_now() - interval '1 week') ) ) >= ${n}
      ${Tn(r)}
    )
    UPDATE ${e}.queue
    SET monitor_claim_on = ${e}.job_now()
    FROM due
    WHERE queue.name = due.name
    RETURNING queue.name, NOT EXISTS (SELECT 1 FROM ${e}.version WHERE monitor_backoff_on > ${e}.job_now()) as "refreshStats"
  `,values:[t]}}function gn(e,t){return{text:`
    WITH budget AS (
      SELECT
        naptime,
        LEAST(
          GREATEST(2 * naptime, LEAST($1::float8, 600)),
          3600
        ) AS backoff
      FROM (
        SELECT EXTRACT(EPOCH FROM current_setting('autovacuum_naptime')::interval)::float8 AS naptime
      ) n
    )
    UPDATE ${e}.version v
    SET monitor_backoff_on = GREATEST(
      COALESCE(v.monitor_backoff_on, ${e}.job_now()),
      ${e}.job_now() + make_interval(secs => b.backoff)
    )
    FROM budget b
    WHERE $1::float8 > 0.1 * b.naptime
    RETURNING
      b.naptime  as "naptimeSeconds",
      EXTRACT(EPOCH FROM (v.monitor_backoff_on - ${e}.job_now()))::float8 as "backoffSeconds",
      v.monitor_backoff_on as "backoffUntil"
  `,values:[t]}}function _n(e,t,n,r){return wn(e,t,`maintain_on`,n,r)}function vn(e,t,n,r){return{text:`
    UPDATE ${e}.queue
    SET maintain_on = NULL
    FROM (
      SELECT name
      FROM ${e}.queue
      WHERE name = ANY($1::text[])
        AND maintain_on = $2::timestamptz
      ${Tn(r)}
    ) q
    WHERE queue.name = q.name
  `,values:[t,n]}}function yn(e,t){return`
    WITH prior AS (
      SELECT cron_on, EXTRACT( EPOCH FROM (${e}.job_now() - cron_on) ) as elapsed FROM ${e}.version
    ), claim AS (
      ${Cn(e,`cron_on`,t)}
    )
    SELECT prior.cron_on as "priorCronOn", prior.elapsed as "elapsed", EXISTS (SELECT 1 FROM claim) as "claimed" FROM prior
  `}function bn(e,t){return Cn(e,`bam_on`,t)}function xn(e,t){return Cn(e,`flow_on`,t)}function Sn(e,t){return Cn(e,`reindex_on`,t)}function Cn(e,t,n){return`
    UPDATE ${e}.version
    SET ${t} = ${e}.job_now()
    WHERE EXTRACT( EPOCH FROM (${e}.job_now() - COALESCE(${t}, ${e}.job_now() - interval '1 week') ) ) >= ${n}
    RETURNING true
  `}function wn(e,t,n,r,i){return{text:`
    WITH due AS (
      SELECT name
      FROM ${e}.queue
      WHERE name = ANY($1::text[])
        AND EXTRACT( EPOCH FROM (${e}.job_now() - COALESCE(${n}, ${e}.job_now() - interval '1 week') ) ) >= ${r}
      ${Tn(i)}
    )
    UPDATE ${e}.queue
    SET ${n} = ${e}.job_now()
    FROM due
    WHERE queue.name = due.name
    RETURNING queue.name, ${$n(`queue.${n}`)} AS "claimedOn"
  `,values:[t]}}function Tn(e){return`ORDER BY name FOR NO KEY UPDATE${e?` SKIP LOCKED`:``}`}function En(e,t){return e===`postgres`&&!t}function Dn(e){return`
    WITH options as (SELECT $2::jsonb as data)
    UPDATE ${e}.queue SET
      retry_limit = COALESCE((o.data->>'retryLimit')::int, retry_limit),
      retry_delay = COALESCE((o.data->>'retryDelay')::int, retry_delay),
      retry_backoff = COALESCE((o.data->>'retryBackoff')::bool, retry_backoff),
      retry_delay_max = CASE WHEN (o.data -> 'retryDelayMax') IS NOT NULL
        THEN (o.data->>'retryDelayMax')::int
        ELSE retry_delay_max END,
      expire_seconds = COALESCE((o.data->>'expireInSeconds')::int, expire_seconds),
      retention_seconds = COALESCE((o.data->>'retentionSeconds')::int, retention_seconds),
      deletion_seconds = COALESCE((o.data->>'deleteAfterSeconds')::int, deletion_seconds),
      warning_queued = COALESCE((o.data->>'warningQueueSize')::int, warning_queued),
      heartbeat_seconds = CASE WHEN (o.data -> 'heartbeatSeconds') IS NOT NULL
        THEN (o.data->>'heartbeatSeconds')::int
        ELSE heartbeat_seconds END,
      notify = COALESCE((o.data->>'notify')::bool, notify),
      dead_letter = CASE WHEN (o.data -> 'deadLetter') IS NOT NULL
        THEN o.data->>'deadLetter'
        ELSE dead_letter END,
      updated_on = ${e}.job_now()
    FROM options o
    WHERE name = $1
  `}function On(){return`SELECT current_database() AS name`}function kn(e,t,n,r){let i=t&&t.length>0,a=i?[t]:[],o=i?[`q.name = ANY($1::text[])`]:[];return r!==void 0&&(a.push(r),o.push(`q.name > $${a.length}`)),n!==void 0&&a.push(n),{text:`
    SELECT
      q.name,
      q.policy,
      q.retry_limit as "retryLimit",
      q.retry_delay as "retryDelay",
      q.retry_backoff as "retryBackoff",
      q.retry_delay_max as "retryDelayMax",
      q.expire_seconds as "expireInSeconds",
      q.retention_seconds as "retentionSeconds",
      q.deletion_seconds as "deleteAfterSeconds",
      q.partition,
      q.heartbeat_seconds as "heartbeatSeconds",
      q.notify,
      q.dead_letter as "deadLetter",
      q.deferred_count as "deferredCount",
      q.blocked_count as "blockedCount",
      q.warning_queued as "warningQueueSize",
      q.queued_count as "queuedCount",
      q.ready_count as "readyCount",
      q.active_count as "activeCount",
      q.failed_count as "failedCount",
      q.total_count as "totalCount",
      q.created_delta as "createdDelta",
      q.completed_delta as "completedDelta",
      q.failed_delta as "failedDelta",
      q.delta_seconds as "deltaSeconds",
      q.delta_on as "deltaOn",
      q.wait_bins as "waitBins",
      q.run_bins as "runBins",
      q.ready_oldest_seconds as "readyOldestSeconds",
      q.singletons_active as "singletonsActive",
      q.table_name as "table",
      q.created_on as "createdOn",
      q.updated_on as "updatedOn"
    FROM ${e}.queue q
    ${o.length?`WHERE ${o.join(` AND `)}`:``}
    ORDER BY q.name
    ${n===void 0?``:`LIMIT $${a.length}`}
   `,values:a}}function An(e,t,n){return`
    WITH results as (
      DELETE FROM ${e}.${t}
      WHERE name = $1
        AND id = ANY($2::uuid[])
        ${n?pr(3):``}
      RETURNING id, state, completed_on
    )
    SELECT COUNT(*), COALESCE(array_agg(id), '{}'::uuid[]) AS ids,
      (COUNT(*) FILTER (WHERE state IN ('${T.completed}', '${T.cancelled}')
        AND completed_on <= ${jn(e)}))::int AS retained
    FROM results
  `}function jn(e){return`(SELECT retained_on FROM ${e}.queue WHERE name = $1)`}function Mn(e,t){return`TRUNCATE ${e}.${t}`}function Nn(e,t){return`
    UPDATE ${e}.queue SET
      deferred_count = 0,
      blocked_count = 0,
      queued_count = 0,
      ready_count = 0,
      active_count = 0,
      failed_count = 0,
      total_count = 0,
      retained_count = 0,
      retained_on = ${ki(e)},
      singletons_active = NULL,
      monitor_on = ${e}.job_now()
    FROM (
      SELECT name
      FROM ${e}.queue${t?`
      WHERE name = $1`:``}
      ${Tn()}
    ) q
    WHERE queue.name = q.name
  `}const Pn=`
  name,
  key,
  kind,
  cron,
  COALESCE(timezone, 'UTC') as timezone,
  data,
  options,
  created_on as "createdOn",
  updated_on as "updatedOn",
  last_job_id as "lastJobId"
`;function Fn(e,t=!1,n=!1){return`
    SELECT ${Pn} FROM ${e}.schedule
    ${n?`WHERE (name, key) > ($1, $2)`:``}
    ORDER BY name, key
    ${t?`LIMIT $${n?3:1}`:``}
  `}function In(e,t=!1,n=!1){return`
    SELECT ${Pn} FROM ${e}.schedule
    WHERE name = $1
      ${n?`AND (name, key) > ($2, $3)`:``}
    ORDER BY key
    ${t?`LIMIT $${n?4:2}`:``}
  `}function Ln(e){return`SELECT ${Pn} FROM ${e}.schedule WHERE name = $1 AND COALESCE(key, '') = $2`}function Rn(e){return`
    UPDATE ${e}.schedule s
    SET last_job_id = x."jobId"
    FROM json_to_recordset($1::text::json) AS x (name text, key text, "jobId" uuid)
    WHERE s.name = x.name
      AND COALESCE(s.key, '') = x.key
  `}function zn(e){return`
    UPDATE ${e}.schedule s SET kind = k.kind
    FROM json_to_recordset($1::text::json) as k (name text, key text, kind text, cron text)
    WHERE s.name = k.name
      AND COALESCE(s.key, '') = k.key
      AND s.cron = k.cron
  `}function Bn(e){return`
    INSERT INTO ${e}.schedule (name, key, kind, cron, timezone, data, options, created_on, updated_on)
    VALUES ($1, $2, $3, $4, $5, $6, $7, ${e}.job_now(), ${e}.job_now())
    ON CONFLICT (name, key) DO UPDATE SET
      kind = EXCLUDED.kind,
      cron = EXCLUDED.cron,
      timezone = EXCLUDED.timezone,
      data = EXCLUDED.data,
      options = EXCLUDED.options,
      updated_on = ${e}.job_now()
  `}function Vn(e){return`
    DELETE FROM ${e}.schedule
    WHERE name = $1
      AND COALESCE(key, '') = $2
  `}function Hn(e){return`
    INSERT INTO ${e}.subscription (event, name, created_on, updated_on)
    VALUES ($1, $2, ${e}.job_now(), ${e}.job_now())
    ON CONFLICT (event, name) DO UPDATE SET
      event = EXCLUDED.event,
      name = EXCLUDED.name,
      updated_on = ${e}.job_now()
  `}function Un(e){return`
    DELETE FROM ${e}.subscription
    WHERE event = $1 and name = $2
  `}function Wn(e){return`
    SELECT name FROM ${e}.subscription
    WHERE event = $1
  `}function Gn(e){return`SELECT round(date_part('epoch', ${e}.job_now()) * 1000) as time`}function Kn(e){return`
    INSERT INTO ${e}.warning (type, message, data, created_on)
    VALUES ($1, $2, $3::text::jsonb, ${e}.job_now())
  `}function qn(e,t){return`
    DELETE FROM ${e}.warning
    WHERE created_on < ${e}.job_now() - interval '${t} days'
  `}function Jn(e,t=!1){return`
    CREATE TABLE ${e}.queue_stats (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      name text NOT NULL,
      deferred_count int NOT NULL DEFAULT 0,
      queued_count   int NOT NULL DEFAULT 0,
      ready_count    int NOT NULL DEFAULT 0,
      active_count   int NOT NULL DEFAULT 0,
      failed_count   int NOT NULL DEFAULT 0,
      total_count    int NOT NULL DEFAULT 0,
      created_delta   int,
      completed_delta int,
      failed_delta    int,
      delta_seconds   int,
      delta_on        timestamptz,
      wait_bins       int[],
      run_bins        int[],
      ready_oldest_seconds int,
      captured_on timestamptz NOT NULL DEFAULT now(),
      ${t?`PRIMARY KEY (id)`:`PRIMARY KEY (id, captured_on)`}
    ) ${t?``:`PARTITION BY RANGE (captured_on)`}
  `}function Yn(e,t=!1){return`CREATE INDEX queue_stats_i1 ON ${e}.queue_stats (name, captured_on DESC) ${t?``:`INCLUDE (deferred_count, queued_count, ready_count, active_count, failed_count, total_count)`}`}function Xn(e){return`CREATE INDEX queue_stats_i2 ON ${e}.queue_stats (captured_on, id)`}function Zn(e){return`
    DO $$
    DECLARE
      d date;
      i int;
      part_name text;
    BEGIN
      FOR i IN 0..1 LOOP
        d := (${e}.job_now() AT TIME ZONE 'UTC')::date + i;
        part_name := 'queue_stats_' || to_char(d, 'YYYYMMDD');
        IF NOT EXISTS (
          SELECT 1 FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = '${C(e)}' AND c.relname = part_name
        ) THEN
          EXECUTE format(
            'CREATE TABLE ${e}.%I PARTITION OF ${e}.queue_stats FOR VALUES FROM (%L) TO (%L)',
            part_name,
            to_char(d, 'YYYY-MM-DD') || ' 00:00:00+00',
            to_char(d + 1, 'YYYY-MM-DD') || ' 00:00:00+00'
          );
        END IF;
      END LOOP;
    END;
    $$
  `}function Qn(e,t){return`
    DO $$
    DECLARE
      r record;
      cutoff date := (${e}.job_now() AT TIME ZONE 'UTC')::date - ${t};
      suffix text;
      part_date date;
    BEGIN
      FOR r IN
        SELECT c.relname
        FROM pg_inherits i
        JOIN pg_class p ON p.oid = i.inhparent
        JOIN pg_class c ON c.oid = i.inhrelid
        JOIN pg_namespace n ON n.oid = p.relnamespace
        WHERE n.nspname = '${C(e)}' AND p.relname = 'queue_stats'
      LOOP
        suffix := substring(r.relname FROM 'queue_stats_(.*)$');
        IF suffix ~ '^[0-9]{8}$' THEN
          part_date := to_date(suffix, 'YYYYMMDD');
          IF part_date < cutoff THEN
            EXECUTE 'DROP TABLE IF EXISTS ${e}.' || quote_ident(r.relname);
          END IF;
        END IF;
      END LOOP;
    END;
    $$
  `}function $n(e){return`to_char(${e} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`}function er(e,t,n={}){let{after:r,batchSize:i=pi}=n,[a,o]=(r??``).replace(w,`''`).split(`|`);return`
    WITH batch AS (
      SELECT captured_on, id
      FROM ${e}.queue_stats
      WHERE captured_on < ${e}.job_now() - interval '${t} days' ${r?`AND (captured_on, id) > ('${a}'::timestamptz, '${o}'::uuid)`:``}
      ORDER BY captured_on, id
      LIMIT ${i}
    ),
    removed AS (
      DELETE FROM ${e}.queue_stats
      WHERE id IN (SELECT id FROM batch)
      RETURNING 1
    )
    SELECT
      CASE WHEN (SELECT count(*) FROM batch) = ${i}
        THEN (SELECT ${$n(`captured_on`)} || '|' || id::text FROM batch ORDER BY captured_on DESC, id DESC LIMIT 1)
      END AS "walkCursor",
      (SELECT count(*) FROM removed)::int AS deleted
  `}function tr(e,t,n){return $i(e,`
    INSERT INTO ${e}.queue_stats
      (name, deferred_count, queued_count, ready_count, active_count, failed_count, total_count,
       created_delta, completed_delta, failed_delta, delta_seconds, delta_on,
       wait_bins, run_bins, ready_oldest_seconds, captured_on)
    SELECT name, deferred_count, queued_count, ready_count, active_count, failed_count, total_count,
           created_delta, completed_delta, failed_delta, delta_seconds, delta_on,
           wait_bins, run_bins, ready_oldest_seconds, ${e}.job_now()
    FROM ${e}.queue
    WHERE name = ANY(${Xi(t)})
  `,`queue-stats-insert`,n)}function nr(e){return`
    SELECT
      name,
      deferred_count as "deferredCount",
      queued_count   as "queuedCount",
      ready_count    as "readyCount",
      active_count   as "activeCount",
      failed_count   as "failedCount",
      total_count    as "totalCount",
      created_delta   as "createdDelta",
      completed_delta as "completedDelta",
      failed_delta    as "failedDelta",
      delta_seconds   as "deltaSeconds",
      delta_on        as "deltaOn",
      wait_bins       as "waitBins",
      run_bins        as "runBins",
      ready_oldest_seconds as "readyOldestSeconds",
      table_name     as "table",
      monitor_on     as "capturedOn",
      (extract(epoch from (${e}.job_now() - monitor_on)) * 1000)::float8 as "cacheAgeMs",
      (SELECT monitor_backoff_on > ${e}.job_now() FROM ${e}.version) as "monitorBackoff"
    FROM ${e}.queue
    WHERE name = $1
  `}function rr(e){return`
    SELECT
      name,
      deferred_count as "deferredCount",
      queued_count   as "queuedCount",
      ready_count    as "readyCount",
      active_count   as "activeCount",
      failed_count   as "failedCount",
      total_count    as "totalCount",
      created_delta   as "createdDelta",
      completed_delta as "completedDelta",
      failed_delta    as "failedDelta",
      delta_seconds   as "deltaSeconds",
      delta_on        as "deltaOn",
      wait_bins       as "waitBins",
      run_bins        as "runBins",
      ready_oldest_seconds as "readyOldestSeconds",
      captured_on    as "capturedOn"
    FROM ${e}.queue_stats
    WHERE name = $1
      AND ($2::timestamptz IS NULL OR captured_on >= $2)
      AND ($3::timestamptz IS NULL OR captured_on <= $3)
    ORDER BY captured_on DESC
    LIMIT $4
  `}const ir={max:e=>`max(${e})::int`,min:e=>`min(${e})::int`,avg:e=>`round(avg(${e}))::int`};function ar(e,t,n){let r=ir[t],i=n===`auto`?`WITH extent AS (
         SELECT min(captured_on) AS lo, max(captured_on) AS hi
         FROM ${e}.queue_stats
         WHERE name = $1
       ),
       bounds AS (
         SELECT
           greatest(coalesce($2::timestamptz, lo), lo) AS lo,
           least(coalesce($3::timestamptz, hi), hi)    AS hi
         FROM extent
       ),
       w AS (
         SELECT greatest(1, ceil(extract(epoch from (hi - lo))::float8 / greatest($5, 1)::float8)::bigint) AS secs
         FROM bounds
       )`:`WITH w AS (SELECT greatest($5, 1)::bigint AS secs)`,a=n===`auto`?`least($4, $5)`:`$4`,o=e=>`to_timestamp(floor(extract(epoch from ${e})::float8 / w.secs::float8) * w.secs::float8)`;return`
    ${i},
    gauges AS (
      SELECT
        ${o(`captured_on`)} as bucket,
        ${r(`deferred_count`)} as "deferredCount",
        ${r(`queued_count`)}   as "queuedCount",
        ${r(`ready_count`)}    as "readyCount",
        ${r(`active_count`)}   as "activeCount",
        ${r(`failed_count`)}   as "failedCount",
        ${r(`total_count`)}    as "totalCount"
      FROM ${e}.queue_stats, w
      WHERE name = $1
        AND ($2::timestamptz IS NULL OR captured_on >= $2)
        AND ($3::timestamptz IS NULL OR captured_on <= $3)
      GROUP BY 1
    ),
    counters AS (
      SELECT
        ${o(`delta_on`)} as bucket,
        sum(created_delta)::int   as "createdDelta",
        sum(completed_delta)::int as "completedDelta",
        sum(failed_delta)::int    as "failedDelta",
        sum(delta_seconds)::int   as "deltaSeconds",
        max(delta_on)             as "deltaOn",
        max(ready_oldest_seconds) as "readyOldestSeconds"
      FROM ${e}.queue_stats, w
      WHERE name = $1
        AND delta_on IS NOT NULL
        AND ($2::timestamptz IS NULL OR delta_on >= $2)
        AND ($3::timestamptz IS NULL OR delta_on <= $3)
      GROUP BY 1
    ),
    placed AS (
      SELECT
        COALESCE(
          max(g.bucket) OVER (ORDER BY COALESCE(g.bucket, c.bucket) ROWS UNBOUNDED PRECEDING),
          min(g.bucket) OVER ()
        ) as bucket,
        g."deferredCount",
        g."queuedCount",
        g."readyCount",
        g."activeCount",
        g."failedCount",
        g."totalCount",
        c."createdDelta",
        c."completedDelta",
        c."failedDelta",
        c."deltaSeconds",
        c."deltaOn",
        c."readyOldestSeconds",
        c.bucket as "counterBucket"
      FROM gauges g
        FULL JOIN counters c ON c.bucket = g.bucket
    ),
    passes AS (
      SELECT ${o(`delta_on`)} as "counterBucket", wait_bins, run_bins
      FROM ${e}.queue_stats, w
      WHERE name = $1
        AND delta_on IS NOT NULL
        AND wait_bins IS NOT NULL
        AND ($2::timestamptz IS NULL OR delta_on >= $2)
        AND ($3::timestamptz IS NULL OR delta_on <= $3)
    ),
    slots AS (
      SELECT p.bucket, u.slot, coalesce(sum(u.w), 0)::int AS w, coalesce(sum(u.r), 0)::int AS r
      FROM (SELECT DISTINCT bucket, "counterBucket" FROM placed) p
        JOIN passes ps ON ps."counterBucket" = p."counterBucket",
        unnest(ps.wait_bins, ps.run_bins) WITH ORDINALITY AS u(w, r, slot)
      GROUP BY 1, 2
    ),
    histograms AS (
      SELECT
        bucket,
        array_agg(w ORDER BY slot) as "waitBins",
        array_agg(r ORDER BY slot) as "runBins"
      FROM slots
      GROUP BY 1
    ),
    folded AS (
    SELECT
      bucket as "capturedOn",
      max("deferredCount")::int as "deferredCount",
      max("queuedCount")::int   as "queuedCount",
      max("readyCount")::int    as "readyCount",
      max("activeCount")::int   as "activeCount",
      max("failedCount")::int   as "failedCount",
      max("totalCount")::int    as "totalCount",
      sum("createdDelta")::int   as "createdDelta",
      sum("completedDelta")::int as "completedDelta",
      sum("failedDelta")::int    as "failedDelta",
      sum("deltaSeconds")::int   as "deltaSeconds",
      max("deltaOn")             as "deltaOn",
      max("readyOldestSeconds")::int as "readyOldestSeconds"
    FROM placed
    WHERE bucket IS NOT NULL
    GROUP BY 1
    )
    SELECT f.*, h."waitBins", h."runBins"
    FROM folded f
      LEFT JOIN histograms h ON h.bucket = f."capturedOn"
    ORDER BY f."capturedOn" DESC
    LIMIT ${a}
  `}function or(e){return`SELECT version from ${e}.version`}function sr(e,t){return`UPDATE ${e}.version SET version = '${t}'`}function cr(e){return`SELECT to_regclass('${e}.version') as name`}function lr(e){let t=C(e).replace(w,`''`);return`
    SELECT n.nspname as name
    FROM pg_namespace n
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'version' AND c.relkind IN ('r', 'p')
    WHERE lower(n.nspname) = lower('${t}') AND n.nspname <> '${t}'
    ORDER BY n.nspname
  `}function ur(e,t){return`INSERT INTO ${e}.version(version) VALUES ('${t}')`}function dr(e){let{ignoreGroups:t,groupConcurrency:n,minPriority:r,maxPriority:i}=e,a=t!=null&&t.length>0,o=n!=null,s=r!=null,c=i!=null,l=o?typeof n==`number`?{default:n}:n:null,u=l?.tiers&&Object.keys(l.tiers).length>0,d=[],f=0,p=``,m=``,h=``,g=``,_=``;return a&&(f++,p=`$${f}::text[]`,d.push(t)),o&&l&&(f++,m=`$${f}::int`,d.push(l.default),u&&(f++,h=`$${f}::text::jsonb`,d.push(JSON.stringify(l.tiers)))),s&&(f++,g=`$${f}::int`,d.push(r)),c&&(f++,_=`$${f}::int`,d.push(i)),{values:d,ignoreGroupsParam:p,defaultGroupLimitParam:m,tiersParam:h,minPriorityParam:g,maxPriorityParam:_}}function fr(e,t=!1){let{schema:n,table:r,name:i,policy:a,limit:o,includeMetadata:s,includeTraceContext:c=!1,ignoreStartAfter:l=!1,groupConcurrency:u,minPriority:d,maxPriority:f}=e,p=a===E.key_strict_fifo,m=a===E.singleton||a===E.stately,h=o>1&&m,g=e.ignoreGroups!=null&&e.ignoreGroups.length>0,_=u!=null,v=d!=null,y=f!=null,ee=_?typeof u==`number`?{default:u}:u:null,te=_&&ee?.tiers&&Object.keys(ee.tiers).length>0,b=_&&!te&&ee?.default===1,ne=_&&!b,x=dr(e),S=te?`COALESCE((${x.tiersParam} ->> group_tier)::int, ${x.defaultGroupLimitParam})`:x.defaultGroupLimitParam,re=ne?`COALESCE(((SELECT counts FROM active_group_count_map) ->> j.group_id)::int, 0)`:``,ie=[`j.id`,h?`j.singleton_key`:``,_?`j.group_id, j.group_tier`:``,ne?`${re} as active_cnt`:``].filter(Boolean).join(`, `),ae=ne?`active_group_count_map AS MATERIALIZED (
        SELECT COALESCE(jsonb_object_agg(group_id, active_cnt), '{}'::jsonb) as counts
        FROM (
          SELECT group_id, COUNT(*)::int as active_cnt
          FROM ${n}.${r}
          WHERE name = '${i}' AND state = '${T.active}' AND group_id IS NOT NULL
          GROUP BY group_id
        ) active_groups
      ), `:``,oe=t?``:`FOR UPDATE OF j SKIP LOCKED`,C=_?b?`(j.group_id IS NULL
            OR NOT EXISTS (
              SELECT 1
              FROM ${n}.${r} active_group_probe
              WHERE active_group_probe.name = '${i}'
                AND active_group_probe.state = '${T.active}'
                AND active_group_probe.group_id IS NOT NULL
                AND active_group_probe.group_id = j.group_id
            ))`:`(j.group_id IS NULL
            OR ${re} < ${S})`:``,se=p?`strict_fifo_heads AS MATERIALIZED (
        SELECT DISTINCT ON (h.singleton_key) h.id
        FROM ${n}.${r} h
        WHERE h.name = '${i}'
          AND h.state < '${T.active}'
          AND NOT h.blocked
          AND h.policy = '${E.key_strict_fifo}'
          ${l?``:`AND h.start_after <= ${n}.job_now()`}
        ORDER BY h.singleton_key, h.state DESC, h.created_on, h.id
      ), `:``,ce=`
      next AS (
        SELECT ${ie}
        FROM ${n}.${r} j
        WHERE ${[`j.name = '${i}'`,`j.state < '${T.active}'`,`NOT j.blocked`,l?``:`j.start_after <= ${n}.job_now()`,p?`j.id IN (SELECT id FROM strict_fifo_heads)`:``,p?`NOT EXISTS (
            SELECT 1
            FROM ${n}.${r} b
            WHERE b.name = j.name
              AND b.singleton_key = j.singleton_key
              AND b.state IN ('${T.active}', '${T.retry}', '${T.failed}')
              AND b.policy = '${E.key_strict_fifo}'
              AND b.id <> j.id
          )`:``,m?`NOT EXISTS (
            SELECT 1
            FROM ${n}.${r} singleton_probe
            WHERE singleton_probe.name = j.name
              AND singleton_probe.state = '${T.active}'
              AND singleton_probe.policy = '${a}'
              AND COALESCE(singleton_probe.singleton_key, '') = COALESCE(j.singleton_key, '')
          )`:``,g?`(j.group_id IS NULL OR j.group_id <> ALL(${x.ignoreGroupsParam}))`:``,v?`j.priority >= ${x.minPriorityParam}`:``,y?`j.priority <= ${x.maxPriorityParam}`:``,C].filter(Boolean).join(`
          AND `)}
        ORDER BY j.priority desc, j.created_on
        LIMIT ${o}
        ${oe}
      )`,le=h?`, singleton_ranking AS (
        SELECT id, ${_?`group_id, group_tier, `:``}${ne?`active_cnt, `:``}
          row_number() OVER (PARTITION BY singleton_key) as singleton_rn
        FROM next
      )`:``,ue=_?`,
      group_ranking AS (
        SELECT t.id
          , t.group_id
          , t.group_tier
          ${h?`, singleton_rn`:``}
          , ROW_NUMBER() OVER (PARTITION BY t.group_id ORDER BY t.id) as group_rn
          , ${ne?`t.active_cnt`:`0`} as active_cnt
        FROM ${h?`singleton_ranking`:`next`} t
        ${h?`WHERE singleton_rn = 1`:``}
      ),
      group_filtered AS (
        SELECT id FROM group_ranking
        WHERE group_id IS NULL
          OR (active_cnt + group_rn) <= ${S}
      )`:``,de=_?`group_filtered`:h?`singleton_ranking`:`next`,fe=_?``:`FROM ${de}`,pe=_?`j.id = ANY (ARRAY(SELECT id FROM ${de}))`:`j.id = ${de}.id`,me=t?`AND j.state < '${T.active}'`:``;return{text:`
      WITH
      ${se}
      ${ae}
      ${ce}
      ${le}
      ${ue}
      UPDATE ${n}.${r} j SET
        state = '${T.active}',
        started_on = ${n}.job_now(),
        heartbeat_on = ${n}.job_now(),
        retry_count = CASE WHEN started_on IS NOT NULL THEN retry_count + 1 ELSE retry_count END
      ${fe}
      WHERE name = '${i}' AND ${pe}
      ${h&&!_?`AND singleton_rn = 1`:``}
      ${me}
      RETURNING j.${s?Rt:Lt}${c?`, j.trace_context as "__traceContext"`:``}
    `,values:x.values}}function pr(e){return`AND state = '${T.active}'
        AND (id::text || ':' || retry_count::text) = ANY($${e}::text[])`}function mr(e,t){return e.map((e,n)=>`${gr(e)}:${t[n]}`)}const hr=/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;function gr(e){if(hr.test(e))return e;let t=e.replace(/[{}-]/g,``).toLowerCase();return/^[0-9a-f]{32}$/.test(t)?`${t.slice(0,8)}-${t.slice(8,12)}-${t.slice(12,16)}-${t.slice(16,20)}-${t.slice(20)}`:e}function _r(e,t){return`AND ${e}state = '${T.active}'
        AND ${e}retry_count = ${t}.retry_count`}function vr(e,t,n,r){return`UPDATE ${e}.${t}
      SET completed_on = ${e}.job_now(),
        state = '${T.completed}',
        output = $3::jsonb,
        blocked = ${n?`false`:`blocked`},
        pending_dependencies = ${n?`0`:`pending_dependencies`}
      WHERE name = $1
        AND id = ANY($2::uuid[])
        AND ${n?`state < '${T.completed}'`:`state = '${T.active}'`}
        ${r?pr(4):``}`}function yr(e){return`locked_children AS (
      SELECT j.name, j.id, d.n
      FROM ${e}.job j
      JOIN decremented d ON d.child_name = j.name
        AND d.child_id = j.id
      WHERE j.blocked
      ORDER BY j.name, j.id
      FOR UPDATE OF j
    )`}function br(e){return`UPDATE ${e}.job j
      SET pending_dependencies = GREATEST(j.pending_dependencies - lc.n, 0),
          blocked = GREATEST(j.pending_dependencies - lc.n, 0) > 0,
          start_after = CASE WHEN GREATEST(j.pending_dependencies - lc.n, 0) = 0
            THEN GREATEST(j.start_after, ${e}.job_now())
            ELSE j.start_after END
      FROM locked_children lc
      WHERE j.name = lc.name
        AND j.id = lc.id`}function xr(e,t,n,r){return`
    WITH results AS (
      ${vr(e,t,n,r)}
      RETURNING id
    )
    ${zr()}
  `}function Sr(e,t){return`
    WITH input AS (
      SELECT * FROM json_to_recordset($2::text::json) AS x (id uuid, retry_count int, output jsonb)
    ),
    results AS (
      UPDATE ${e}.${t} j
      SET completed_on = ${e}.job_now(),
        state = '${T.completed}',
        output = i.output
      FROM input i
      WHERE j.name = $1
        AND j.id = i.id
        ${_r(`j.`,`i`)}
      RETURNING j.id
    )
    ${zr()}
  `}function Cr(e,t){return`
    WITH input AS (
      SELECT * FROM json_to_recordset($2::text::json) AS x (id uuid, retry_count int, output jsonb)
    )
    UPDATE ${e}.${t} j
    SET completed_on = ${e}.job_now(),
      state = '${T.completed}',
      output = i.output
    FROM input i
    WHERE j.name = $1
      AND j.id = i.id
      ${_r(`j.`,`i`)}
    RETURNING j.id
  `}function wr(e,t,n){return`
    WITH results as (
      UPDATE ${e}.${t}
      SET completed_on = ${e}.job_now(),
        state = '${T.cancelled}'
      WHERE name = $1
        AND id = ANY($2::uuid[])
        AND state < '${T.completed}'
        ${n?pr(3):``}
      RETURNING id
    )
    ${zr()}
  `}function Tr(e,t){return`
    WITH resumable as (
      SELECT id, completed_on
      FROM ${e}.${t}
      WHERE name = $1
        AND id = ANY($2::uuid[])
        AND state = '${T.cancelled}'
    ),
    results as (
      UPDATE ${e}.${t} j
      SET completed_on = NULL,
        state = '${T.created}',
        upsert_by_key = NULL,
        start_after = GREATEST(j.start_after, ${e}.job_now())
      FROM resumable r
      WHERE j.name = $1
        AND j.id = r.id
        AND j.state = '${T.cancelled}'
      RETURNING r.completed_on
    )
    SELECT COUNT(*), (COUNT(*) FILTER (WHERE completed_on <= ${jn(e)}))::int AS retained
    FROM results
  `}function Er(e,t){return`
    UPDATE ${e}.${t}
    SET state = '${T.created}',
        started_on = NULL,
        heartbeat_on = NULL,
        upsert_by_key = NULL
    WHERE name = $1
      AND id = ANY($2::uuid[])
  `}function Dr(e){return`(right(${e}, 1) = 'Z' OR ${e} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}')`}function Or(e,{table:t,name:n,returnId:r=!0,notify:i=!1,slots:a=!1,upsertByKey:o=!1}){let s=i?`RETURNING id, start_after`:r?`RETURNING id`:``,c=`
    INSERT INTO ${e}.${t} (
      id,
      name,
      data,
      priority,
      start_after,
      created_on,
      singleton_key,
      singleton_on,
      group_id,
      group_tier,
      expire_seconds,
      deletion_seconds,
      keep_until,
      retry_limit,
      retry_delay,
      retry_backoff,
      retry_delay_max,
      policy,
      dead_letter,
      heartbeat_seconds,
      blocked,
      blocking,
      pending_dependencies,
      trace_context${o?`, upsert_by_key`:``}
    )
    SELECT
      COALESCE(id, gen_random_uuid()) as id,
      '${n}' as name,
      data,
      COALESCE(priority, 0) as priority,
      j.start_after,
      ${e}.job_now() as created_on,
      "singletonKey",
      CASE
        ${a?`WHEN "__singletonSlot" IS NOT NULL THEN CAST("__singletonSlot" as timestamp)`:``}
        WHEN "singletonSeconds" IS NOT NULL THEN 'epoch'::timestamp + '1s'::interval * ("singletonSeconds"::float8 * floor(( date_part('epoch', ${e}.job_now()) + COALESCE("singletonOffset",0)::float8) / "singletonSeconds"::float8 ))
        ELSE NULL
        END as singleton_on,
      "groupId" as group_id,
      "groupTier" as group_tier,
      COALESCE("expireInSeconds", q.expire_seconds, ${D.expire_seconds}) as expire_seconds,
      COALESCE("deleteAfterSeconds", q.deletion_seconds, ${D.deletion_seconds}) as deletion_seconds,
      j.start_after + (COALESCE("retentionSeconds", q.retention_seconds, ${D.retention_seconds}) * interval '1s') as keep_until,
      COALESCE("retryLimit", q.retry_limit, ${D.retry_limit}) as retry_limit,
      COALESCE("retryDelay", q.retry_delay, ${D.retry_delay}) as retry_delay,
      COALESCE("retryBackoff", q.retry_backoff, ${D.retry_backoff}) as retry_backoff,
      COALESCE("retryDelayMax", q.retry_delay_max) as retry_delay_max,
      q.policy,
      COALESCE("deadLetter", q.dead_letter) as dead_letter,
      COALESCE("heartbeatSeconds", q.heartbeat_seconds) as heartbeat_seconds,
      COALESCE(blocked, false) as blocked,
      COALESCE(blocking, false) as blocking,
      COALESCE("pendingDependencies", 0) as pending_dependencies,
      "__traceContext" as trace_context${o?`, true as upsert_by_key`:``}
    FROM (
      SELECT *,
        CASE
          WHEN ${Dr(`"startAfter"`)} THEN CAST("startAfter" as timestamp with time zone)
          ELSE ${e}.job_now() + CAST(COALESCE("startAfter",'0') as interval)
          END as start_after
      FROM json_to_recordset($1::text::json) as x (
        id uuid,
        priority integer,
        data jsonb,
        "startAfter" text,
        "retryLimit" integer,
        "retryDelay" integer,
        "retryDelayMax" integer,
        "retryBackoff" boolean,
        "singletonKey" text,
        "singletonSeconds" integer,
        "singletonOffset" integer,
        ${a?`"__singletonSlot" text,`:``}
        "groupId" text,
        "groupTier" text,
        "expireInSeconds" integer,
        "deleteAfterSeconds" integer,
        "retentionSeconds" integer,
        "deadLetter" text,
        "heartbeatSeconds" integer,
        blocked boolean,
        blocking boolean,
        "pendingDependencies" integer,
        "__traceContext" jsonb
      )
    ) j
    LEFT JOIN ${e}.queue q ON q.name = '${n}'
    ON CONFLICT DO NOTHING
    ${s}
  `;if(!i)return c;let l=r?`>= 0`:`< 0`;return`
    WITH ins AS (
      ${c}
    ),
    notified AS (
      SELECT pg_notify(${Wt(e)}, '${n}')
      FROM ins WHERE start_after <= ${e}.job_now() LIMIT 1
    )
    SELECT id FROM ins WHERE (SELECT count(*) FROM notified) ${l}
  `}function kr(e,{table:t,name:n},r){return`
    WITH ins AS (
      ${Or(e,{table:t,name:n,returnId:!0}).replace(`$1`,()=>Zi(r))}
    )
    SELECT 1 / (CASE WHEN (SELECT count(*) FROM ins) = ${r.length} THEN 1 ELSE 0 END)
  `}function Ar(e,t,n){return Rr(e,t,`name = $1 AND id = ANY($2::uuid[]) AND state < '${T.completed}' ${n?pr(4):``}`,`$3::jsonb`)}const jr=1e3;function Mr(e,t){return`state = '${T.active}'
            AND (started_on + expire_seconds * interval '1s') < ${e}.job_now()
            AND name = ANY(${Xi(t)})`}function Nr(e,t){return`state = '${T.active}'
            AND heartbeat_seconds IS NOT NULL
            AND (heartbeat_on + heartbeat_seconds * interval '1s') < ${e}.job_now()
            AND name = ANY(${Xi(t)})`}function Pr(e,t,n,r,i=jr){return $i(e,Ir(e,t,Mr(e,n),`'{ "value": { "message": "job timed out" } }'::jsonb`,i),t+`failJobsByTimeout`,r)}function Fr(e,t,n,r,i=jr){return $i(e,Ir(e,t,Nr(e,n),`'{ "value": { "message": "job heartbeat timeout" } }'::jsonb`,i),t+`failJobsByHeartbeat`,r)}function Ir(e,t,n,r,i){return`
    WITH picked AS (
      SELECT id FROM ${e}.${t} WHERE ${n} LIMIT ${i}
    ),
    ${Br(e,t,`${n} AND id IN (SELECT id FROM picked)`,r)}
    SELECT (SELECT count(*) FROM picked)::int AS "expiryPicked"
  `}function Lr(e,t,n){return`
    WITH results AS (
      UPDATE ${e}.${t}
      SET heartbeat_on = ${e}.job_now()
      WHERE name = $1
        AND id = ANY($2::uuid[])
        AND state = '${T.active}'
        ${n?pr(3):``}
      RETURNING id
    )
    ${zr()}
  `}function Rr(e,t,n,r){return`
    WITH ${Br(e,t,n,r)}
    ${zr()}
  `}function zr(){return`SELECT COUNT(*), COALESCE(array_agg(id), '{}'::uuid[]) AS ids FROM results`}function Br(e,t,n,r,i=!1){return`deleted_jobs AS (
      DELETE FROM ${e}.${t}
      WHERE ${n}
      RETURNING *
    ),
    retried_jobs AS (
      INSERT INTO ${e}.${t} (
        id,
        name,
        priority,
        data,
        state,
        retry_limit,
        retry_count,
        retry_delay,
        retry_backoff,
        retry_delay_max,
        start_after,
        started_on,
        singleton_key,
        singleton_on,
        group_id,
        group_tier,
        expire_seconds,
        deletion_seconds,
        created_on,
        completed_on,
        keep_until,
        policy,
        output,
        dead_letter,
        heartbeat_on,
        heartbeat_seconds,
        blocked,
        blocking,
        pending_dependencies,
        source_name,
        source_id,
        source_created_on,
        source_retry_count,
        source_output,
        source_root_id,
        trace_context
      )
      SELECT
        id,
        name,
        priority,
        data,
        ${i?`'${T.failed}'::${e}.job_state`:`CASE
          WHEN retry_count < retry_limit THEN '${T.retry}'::${e}.job_state
          ELSE '${T.failed}'::${e}.job_state
          END`} as state,
        retry_limit,
        retry_count,
        retry_delay,
        retry_backoff,
        retry_delay_max,
        CASE WHEN retry_count = retry_limit THEN start_after
             WHEN NOT retry_backoff THEN ${e}.job_now() + retry_delay * interval '1'
             ELSE ${e}.job_now() + LEAST(
               retry_delay_max,
               GREATEST(retry_delay, 1) * (
                2 ^ LEAST(16, retry_count + 1) / 2 +
                2 ^ LEAST(16, retry_count + 1) / 2 * random()
               )
             ) * interval '1s'
        END as start_after,
        started_on,
        singleton_key,
        singleton_on,
        group_id,
        group_tier,
        expire_seconds,
        deletion_seconds,
        created_on,
        ${i?`${e}.job_now()`:`CASE WHEN retry_count < retry_limit THEN NULL ELSE ${e}.job_now() END`} as completed_on,
        keep_until,
        policy,
        ${r},
        dead_letter,
        NULL as heartbeat_on,
        heartbeat_seconds,
        blocked,
        blocking,
        pending_dependencies,
        source_name,
        source_id,
        source_created_on,
        source_retry_count,
        source_output,
        source_root_id,
        trace_context
      FROM deleted_jobs
      ON CONFLICT DO NOTHING
      RETURNING *
    ),
    failed_jobs as (
      INSERT INTO ${e}.${t} (
        id,
        name,
        priority,
        data,
        state,
        retry_limit,
        retry_count,
        retry_delay,
        retry_backoff,
        retry_delay_max,
        start_after,
        started_on,
        singleton_key,
        singleton_on,
        group_id,
        group_tier,
        expire_seconds,
        deletion_seconds,
        created_on,
        completed_on,
        keep_until,
        policy,
        output,
        dead_letter,
        heartbeat_on,
        heartbeat_seconds,
        blocked,
        blocking,
        pending_dependencies,
        source_name,
        source_id,
        source_created_on,
        source_retry_count,
        source_output,
        source_root_id,
        trace_context
      )
      SELECT
        id,
        name,
        priority,
        data,
        '${T.failed}'::${e}.job_state as state,
        retry_limit,
        retry_count,
        retry_delay,
        retry_backoff,
        retry_delay_max,
        start_after,
        started_on,
        singleton_key,
        singleton_on,
        group_id,
        group_tier,
        expire_seconds,
        deletion_seconds,
        created_on,
        ${e}.job_now() as completed_on,
        keep_until,
        policy,
        ${r},
        dead_letter,
        NULL as heartbeat_on,
        heartbeat_seconds,
        blocked,
        blocking,
        pending_dependencies,
        source_name,
        source_id,
        source_created_on,
        source_retry_count,
        source_output,
        source_root_id,
        trace_context
      FROM deleted_jobs
      WHERE id NOT IN (SELECT id from retried_jobs)
      RETURNING *
    ),
    results as (
      SELECT * FROM retried_jobs
      UNION ALL
      SELECT * FROM failed_jobs
    ),
    dlq_jobs as (
      INSERT INTO ${e}.job (name, priority, data, retry_limit, retry_backoff, retry_delay, start_after, created_on, keep_until, deletion_seconds,
        expire_seconds, singleton_key, group_id, group_tier, heartbeat_seconds,
        source_name, source_id, source_created_on, source_retry_count, source_output, source_root_id, trace_context)
      SELECT
        r.dead_letter,
        r.priority,
        r.data,
        q.retry_limit,
        q.retry_backoff,
        q.retry_delay,
        ${e}.job_now(),
        ${e}.job_now(),
        ${e}.job_now() + q.retention_seconds * interval '1s',
        q.deletion_seconds,
        q.expire_seconds,
        r.singleton_key,
        r.group_id,
        r.group_tier,
        q.heartbeat_seconds,
        r.name,
        r.id,
        r.created_on,
        r.retry_count,
        r.output,
        COALESCE(r.source_root_id, r.id),
        r.trace_context
      FROM results r
        JOIN ${e}.queue q ON q.name = r.dead_letter
      WHERE state = '${T.failed}'
    )`}function Vr(e,t){return`
    WITH output_map AS (
      SELECT * FROM json_to_recordset($2::text::json) AS x (id uuid, retry_count int, output jsonb)
    ),
    ${Br(e,t,`name = $1 AND (id, retry_count) IN (SELECT id, retry_count FROM output_map) AND state = '${T.active}'`,`(SELECT om.output FROM output_map om WHERE om.id = deleted_jobs.id)`)}
    ${zr()}
  `}function Hr(e,t){return`
    WITH output_map AS (
      SELECT * FROM json_to_recordset($2::text::json) AS x (id uuid, retry_count int, output jsonb)
    ),
    ${Br(e,t,`name = $1 AND (id, retry_count) IN (SELECT id, retry_count FROM output_map) AND state = '${T.active}'`,`(SELECT om.output FROM output_map om WHERE om.id = deleted_jobs.id)`,!0)}
    ${zr()}
  `}const Ur=`started_on::text as started_on_text,
      singleton_on::text as singleton_on_text,
      created_on::text as created_on_text,
      keep_until::text as keep_until_text,
      start_after::text as start_after_text,
      source_created_on::text as source_created_on_text`;function Wr(e,t,n){return{text:`SELECT *, ${Ur}
      FROM ${e}.${t} WHERE name = $1 AND id = ANY($2::uuid[]) AND state < '${T.completed}' ${n?pr(3):``}`,values:[]}}function Gr(e,t){return{text:`DELETE FROM ${e}.${t} WHERE name = $1 AND id = ANY($2::uuid[])`,values:[]}}function Kr(e,t,n,r=jr){return{text:`SELECT *, ${Ur}
      FROM ${e}.${t}
      WHERE ${Mr(e,n)}
      LIMIT ${r}`,values:[]}}function qr(e,t,n,r=jr){return{text:`SELECT *, ${Ur}
      FROM ${e}.${t}
      WHERE ${Nr(e,n)}
      LIMIT ${r}`,values:[]}}function Jr(e,t){return{text:`DELETE FROM ${e}.${t} WHERE (name, id) IN (SELECT n, i FROM unnest($1::text[], $2::uuid[]) AS p(n, i))`,values:[]}}function Yr(e,t,n,r){return`
    ${vr(e,t,n,r)}
    RETURNING id
  `}function Xr(e){return`
    WITH decremented AS (
      SELECT d.child_name, d.child_id, COUNT(*)::int AS n
      FROM ${e}.job_dependency d
      WHERE d.parent_name = $1
        AND d.parent_id = ANY($2::uuid[])
      GROUP BY d.child_name, d.child_id
    ),
    ${yr(e)}
    ${br(e)}
  `}const Zr=1e3;function Qr(e,t,n){return{text:`
    WITH locked_parents AS (
      SELECT j.name, j.id
      FROM ${e}.${t} j
      WHERE j.blocking
        AND j.state = '${T.completed}'
        AND j.name = ANY($1::text[])
      ORDER BY j.name, j.id
      FOR UPDATE OF j SKIP LOCKED
      LIMIT ${Zr}
    ),
    decremented AS (
      SELECT d.child_name, d.child_id, COUNT(*)::int AS n
      FROM ${e}.job_dependency d
      JOIN locked_parents p ON d.parent_name = p.name
        AND d.parent_id = p.id
      GROUP BY d.child_name, d.child_id
    ),
    ${yr(e)},
    unblocked AS (
      ${br(e)}
      RETURNING 1
    ),
    cleared AS (
      UPDATE ${e}.${t} j
      SET blocking = false
      FROM locked_parents p
      WHERE j.name = p.name
        AND j.id = p.id
      RETURNING 1
    )
    SELECT COUNT(*)::int AS resolved FROM cleared
  `,values:[n]}}function $r(e,t,n,r){return{text:`
      SELECT name, id
      FROM ${e}.${t}
      WHERE blocking
        AND state = '${T.completed}'
        AND name = ANY($1::text[])
      ORDER BY name, id
      FOR UPDATE${r?``:` SKIP LOCKED`}
      LIMIT ${Zr}
    `,values:[n]}}function ei(e){return`
    UPDATE ${e}.job
    SET blocking = false
    WHERE name = $1
      AND id = ANY($2::uuid[])
  `}function ti(e,t){return`
    INSERT INTO ${e}.${t} (
      id, name, priority, data, state, retry_limit, retry_count, retry_delay,
      retry_backoff, retry_delay_max, start_after, started_on, singleton_key, singleton_on,
      group_id, group_tier, expire_seconds, deletion_seconds, created_on, completed_on,
      keep_until, policy, output, dead_letter,
      heartbeat_on, heartbeat_seconds, blocked, blocking, pending_dependencies,
      source_name, source_id, source_created_on, source_retry_count, source_output, source_root_id, trace_context
    ) VALUES (
      $1, $2, $3, $4::text::jsonb, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
      $23::text::jsonb, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34::text::jsonb, $35, $36::text::jsonb
    ) ON CONFLICT DO NOTHING
    RETURNING id
  `}function ni(e){return`
    INSERT INTO ${e}.job (name, data, priority, retry_limit, retry_backoff, retry_delay, start_after, created_on, keep_until, deletion_seconds,
      expire_seconds, singleton_key, group_id, group_tier, heartbeat_seconds,
      source_name, source_id, source_created_on, source_retry_count, source_output, source_root_id, trace_context)
    SELECT $1, $2::text::jsonb, $9, q.retry_limit, q.retry_backoff, q.retry_delay, ${e}.job_now(), ${e}.job_now(), ${e}.job_now() + q.retention_seconds * interval '1s', q.deletion_seconds,
      q.expire_seconds, $8, $10, $11, q.heartbeat_seconds,
      $4, $5, $6, $7, $3::text::jsonb, COALESCE($12::uuid, $5::uuid), $13::text::jsonb
    FROM ${e}.queue q WHERE q.name = $1
  `}function ri(e,t){return`j.name = $1
        AND j.state < '${T.active}'
        AND NOT EXISTS (
          SELECT 1 FROM ${e}.${t} k
          WHERE j.policy = '${E.key_strict_fifo}'
            AND k.name = j.name
            AND k.singleton_key = j.singleton_key
            AND k.policy = '${E.key_strict_fifo}'
            AND k.state IN ('${T.active}', '${T.retry}', '${T.failed}')
        )
        AND ($3::text IS NULL OR j.source_name = $3)
        AND ($4::text::jsonb IS NULL OR j.data @> $4::text::jsonb)
        AND ($5::timestamptz IS NULL OR j.created_on < $5)
        AND ($6::uuid[] IS NULL OR j.id = ANY($6::uuid[]))`}const ii=`(id, name, data, priority, retry_limit, retry_backoff, retry_delay, retry_delay_max,
       expire_seconds, start_after, created_on, keep_until, deletion_seconds, policy, singleton_key, group_id, group_tier,
       heartbeat_seconds, dead_letter, source_root_id, trace_context)`;function ai(e,t,n){return`${t}, COALESCE(${n}, m.source_name), m.data, m.priority, q.retry_limit, q.retry_backoff,
      q.retry_delay, q.retry_delay_max, q.expire_seconds, ${e}.job_now(), ${e}.job_now(),
      ${e}.job_now() + q.retention_seconds * interval '1s', q.deletion_seconds, q.policy,
      m.singleton_key, m.group_id, m.group_tier, q.heartbeat_seconds, q.dead_letter,
      COALESCE(m.source_root_id, m.source_id), m.trace_context`}function oi(e,t,n){return`(j.policy IS DISTINCT FROM '${E.key_strict_fifo}' OR j.singleton_key IS NULL OR j.id IN (
        SELECT DISTINCT ON (m.singleton_key) m.id
        FROM ${e}.${t} m
        WHERE ${n} AND m.policy = '${E.key_strict_fifo}'
        ORDER BY m.singleton_key, m.created_on, m.id
      ))`}function si(e){return`state = '${T.failed}',
      completed_on = ${e}.job_now(),
      source_output = COALESCE(j.source_output, j.output),
      output = jsonb_build_object(
        'message', 'Not redriven: queue ' || q.name || CASE
          WHEN j.singleton_key IS NULL THEN ' already has a job this one conflicts with'
          ELSE ' already has a job with singletonKey ' || j.singleton_key
        END || ' under its ' || COALESCE(q.policy, 'standard') || ' policy',
        'reason', 'redrive_conflict',
        'destination', q.name,
        'policy', q.policy,
        'singletonKey', j.singleton_key
      )`}function ci(e,t){return`
    WITH candidates AS (
      SELECT j.id, gen_random_uuid() AS new_id
      FROM ${e}.${t} j
      JOIN ${e}.queue q ON q.name = COALESCE($2, j.source_name)
      WHERE ${ri(e,t)}
      ORDER BY j.created_on
      LIMIT $7
      FOR UPDATE OF j SKIP LOCKED
    ),
    ins AS (
      INSERT INTO ${e}.job ${ii}
      SELECT ${ai(e,`c.new_id`,`$2`)}
      FROM candidates c
        JOIN ${e}.${t} m ON m.name = $1 AND m.id = c.id
        JOIN ${e}.queue q ON q.name = COALESCE($2, m.source_name)
      ORDER BY m.created_on
      ON CONFLICT DO NOTHING
      RETURNING id
    ),
    settled AS (
      SELECT c.id, (i.id IS NOT NULL) AS inserted
      FROM candidates c LEFT JOIN ins i ON i.id = c.new_id
    ),
    removed AS (
      DELETE FROM ${e}.${t}
      WHERE name = $1 AND id IN (SELECT id FROM settled WHERE inserted)
    ),
    conflicted AS (
      UPDATE ${e}.${t} j
      SET ${si(e)}
      FROM settled s, ${e}.queue q
      WHERE j.name = $1
        AND j.id = s.id
        AND NOT s.inserted
        AND q.name = COALESCE($2, j.source_name)
        AND ${oi(e,t,`m.name = $1 AND m.id IN (SELECT id FROM settled WHERE NOT inserted)`)}
    )
    SELECT count(*)::int AS moved FROM ins
  `}function li(e,t){return`
    SELECT j.id, gen_random_uuid() AS new_id
    FROM ${e}.${t} j
    WHERE ${ri(e,t)}
      AND EXISTS (SELECT 1 FROM ${e}.queue q WHERE q.name = COALESCE($2, j.source_name))
    ORDER BY j.created_on
    LIMIT $7
    FOR UPDATE
  `}function ui(e,t){return`
    INSERT INTO ${e}.job ${ii}
    SELECT ${ai(e,`p.new_id`,`$2`)}
    FROM unnest($1::uuid[], $3::uuid[]) AS p (id, new_id)
      JOIN ${e}.${t} m ON m.name = $4 AND m.id = p.id
      JOIN ${e}.queue q ON q.name = COALESCE($2, m.source_name)
    ORDER BY m.created_on
    ON CONFLICT DO NOTHING
    RETURNING id
  `}function di(e,t){return`
    UPDATE ${e}.${t} j
    SET ${si(e)}
    FROM ${e}.queue q
    WHERE j.name = $3
      AND j.id = ANY($1::uuid[])
      AND q.name = COALESCE($2, j.source_name)
      AND ${oi(e,t,`m.name = $3 AND m.id = ANY($1::uuid[])`)}
  `}function fi(e,t){let n=`
    FROM ${e}.${t} j
    LEFT JOIN ${e}.queue q ON q.name = COALESCE($2, j.source_name)
    WHERE ${ri(e,t)}`;return`
    (SELECT q.name AS destination ${n} AND q.name IS NOT NULL LIMIT $7)
    UNION ALL
    (SELECT NULL AS destination ${n} AND q.name IS NULL LIMIT $7)
  `}const pi=1e4,mi=`ffffffff-ffff-ffff-ffff-ffffffffffff`;function hi(e,t,n,r={}){return $i(e,bi(e,t,n,`(
          (deletion_seconds > 0 AND completed_on + deletion_seconds * interval '1s' < ${e}.job_now())
          OR
          (state < '${T.active}' AND keep_until < ${e}.job_now())
        )`,r),t+`deletion`,r.noAdvisoryLocks)}function gi(e,t,n,r={}){return bi(e,t,n,`state < '${T.active}'`,r)}function _i(e,t,n,r={}){return bi(e,t,n,`state > '${T.active}'`,r)}function vi(e,t,n,r={}){return bi(e,t,n,`true`,r)}function yi(e,t,n,r){return r===`cockroachdb`?`${e} IN (${t} ORDER BY ${e} LIMIT ${n})`:`${e} <= COALESCE((SELECT id FROM edge), '${mi}'::uuid)`}function bi(e,t,n,r,i){let{after:a,batchSize:o=pi,retainedBefore:s,backend:c}=i,l=`'${n.replace(w,`''`)}'`,u=a?`AND id > '${a.replace(w,`''`)}'::uuid`:``,d=`name = ${l} ${u}
        AND ${yi(`id`,`SELECT id FROM ${e}.${t} WHERE name = ${l} ${u}`,o,c)}`,f=`${Ke} AND completed_on <= (SELECT retained_on FROM ${e}.queue WHERE name = ${l})`,p=`${Ke} AND completed_on <= to_timestamp(${Number(s)}::float8 / 1000)`;return`
    WITH edge AS (
      SELECT id
      FROM ${e}.${t}
      WHERE name = ${l} ${u}
      ORDER BY id
      OFFSET ${o-1}
      LIMIT 1
    ),
    removed AS (
      DELETE FROM ${e}.${t}
      WHERE ${d}
        AND ${r}
      RETURNING state, completed_on
    )
    SELECT
      (SELECT id FROM edge) AS "walkCursor",
      (SELECT count(*) FROM removed)::int AS deleted,
      (SELECT count(*) FROM removed WHERE ${f})::int AS "deletedRetained"${s===void 0?``:`,
      ((SELECT count(*) FROM ${e}.${t} WHERE ${d} AND ${p})
        - (SELECT count(*) FROM removed WHERE ${p}))::int AS retained`}
  `}function xi(e,t){return`
    UPDATE ${e}.queue
    SET retained_count = $2,
      retained_on = to_timestamp($3::float8 / 1000),
      total_count = queued_count + active_count + failed_count + $2 + (
        SELECT count(*)::int
        FROM ${e}.${t} j
        WHERE j.name = $1
          AND j.completed_on > to_timestamp($3::float8 / 1000)
          AND j.completed_on <= ${e}.job_now()
          AND ${Ke}
      )
    WHERE name = $1
  `}function Si(e){return`
    UPDATE ${e}.queue
    SET retained_count = CASE WHEN retained_count IS NULL THEN NULL ELSE GREATEST(retained_count - $2, 0) END,
      total_count = GREATEST(total_count - $3, 0)
    WHERE name = $1
  `}function Ci(e,t){return`
    WITH results as (
      UPDATE ${e}.job
      SET state = '${T.retry}',
        retry_limit = retry_limit + 1,
        completed_on = NULL,
        start_after = GREATEST(start_after, ${e}.job_now())
      WHERE name = $1
        AND id = ANY($2::uuid[])
        AND state = '${T.failed}'
      RETURNING 1
    )
    SELECT COUNT(*) from results
  `}function wi(e,t,n,r,i,a=!1){let o=r===`id`?`job.id = (o.data->>'id')::uuid`:`job.singleton_key = o.data->>'singletonKey'`,s=r===`singletonKey`&&i!==`all`?`ORDER BY job.created_on ${i===`oldest`?`ASC`:`DESC`} LIMIT 1`:``,c=`
        CASE WHEN (o.data -> 'startAfter') IS NOT NULL
          THEN CASE WHEN ${Dr(`o.data->>'startAfter'`)}
                 THEN (o.data->>'startAfter')::timestamptz
                 ELSE ${e}.job_now() + CAST(o.data->>'startAfter' AS interval) END
          ELSE job.start_after END`,l=a?`, notified AS (
      SELECT pg_notify(${Wt(e)}, '${n}')
      FROM upd WHERE start_after <= ${e}.job_now() LIMIT 1
    )
    SELECT id FROM upd WHERE (SELECT count(*) FROM notified) >= 0`:`
    SELECT id FROM upd`;return`
    WITH o AS (SELECT $1::text::jsonb AS data),
    target AS (
      SELECT job.id
      FROM ${e}.${t} job, o
      WHERE job.name = '${n}'
        AND job.state < '${T.active}'
        AND ${o}
      ${s}
    ),
    upd AS (
      UPDATE ${e}.${t} job
      SET data = CASE WHEN (o.data -> 'data') IS NOT NULL THEN o.data->'data' ELSE job.data END,
          priority = COALESCE((o.data->>'priority')::int, job.priority),
          start_after = ${c},
          keep_until = CASE
            WHEN (o.data -> 'retentionSeconds') IS NOT NULL
              THEN (${c}) + ((o.data->>'retentionSeconds')::int * interval '1s')
            WHEN (o.data -> 'startAfter') IS NOT NULL
              THEN (${c}) + (job.keep_until - job.start_after)
            ELSE job.keep_until END,
          expire_seconds = COALESCE((o.data->>'expireInSeconds')::int, job.expire_seconds),
          deletion_seconds = COALESCE((o.data->>'deleteAfterSeconds')::int, job.deletion_seconds),
          retry_limit = COALESCE((o.data->>'retryLimit')::int, job.retry_limit),
          retry_delay = COALESCE((o.data->>'retryDelay')::int, job.retry_delay),
          retry_backoff = COALESCE((o.data->>'retryBackoff')::bool, job.retry_backoff),
          retry_delay_max = CASE WHEN (o.data -> 'retryDelayMax') IS NOT NULL THEN (o.data->>'retryDelayMax')::int ELSE job.retry_delay_max END,
          dead_letter = CASE WHEN (o.data -> 'deadLetter') IS NOT NULL THEN o.data->>'deadLetter' ELSE job.dead_letter END,
          heartbeat_seconds = CASE WHEN (o.data -> 'heartbeatSeconds') IS NOT NULL THEN (o.data->>'heartbeatSeconds')::int ELSE job.heartbeat_seconds END,
          group_id = CASE WHEN (o.data -> 'groupId') IS NOT NULL THEN o.data->>'groupId' ELSE job.group_id END,
          group_tier = CASE WHEN (o.data -> 'groupTier') IS NOT NULL THEN o.data->>'groupTier' ELSE job.group_tier END
      FROM o
      WHERE job.id IN (SELECT id FROM target)
        AND job.state < '${T.active}'
      RETURNING job.id, job.start_after
    )${l}
  `}const Ti=7200,Ei=`interval '${Ti} seconds'`,Di=`interval '1 hour'`;function Oi(e){return e*2>Ti?`interval '${e*2} seconds'`:Ei}function ki(e,t=`interval '10 seconds'`){return`(${e}.job_now() - ${t})`}function Ai(e,t,n=Ei){return`(CASE WHEN ${e}.delta_on > ${t} - ${n} THEN ${e}.delta_on END)`}function ji(e,t){let n=`round(extract(epoch from (${e} - ${Ai(`queue`,e,t)})))::int`;return`
      created_delta = COALESCE(stats."createdDelta", 0),
      completed_delta = COALESCE(stats."completedDelta", 0),
      failed_delta = COALESCE(stats."failedDelta", 0),
      delta_seconds = CASE WHEN ${n} < 0 THEN 0 ELSE ${n} END,
      delta_on = GREATEST(queue.delta_on, ${e}),
      wait_bins = COALESCE(stats."waitBins", ${Bi}),
      run_bins = COALESCE(stats."runBins", ${Bi}),
      ready_oldest_seconds = COALESCE(stats."readyOldestSeconds", 0),`}function Mi(e,t){return`s.delta_on <= ${e}.job_now() - ${t} OR s.delta_seconds IS NULL`}function Ni(e,t){return`s.delta_on >= ${e}.job_now() - (CASE WHEN ${t}.deletion_seconds > 0 AND ${t}.deletion_seconds < ${t}.retention_seconds
    THEN ${t}.deletion_seconds ELSE ${t}.retention_seconds END) * interval '1s'`}function Pi(e,t){return`CASE WHEN ${t} IS NULL OR ${t} > ${e} THEN ${t} ELSE ${e} END`}function Fi(e,t){return`s.captured_on >= ${e}.job_now() - 2 * ${t} AND s.delta_on IS NOT NULL`}function Ii(e,t,n=Di){return`
      SELECT x.id, x.captured_on, x.name, x.delta_on, x.created_delta, x.completed_delta, x.failed_delta,
        ${Pi(`x.b`,`x.f`)} AS h
      FROM (
        SELECT s.id, s.captured_on, s.name, s.delta_on, s.created_delta, s.completed_delta, s.failed_delta,
          COALESCE(
            max(CASE WHEN ${Mi(e,n)} THEN s.delta_on END)
              OVER (PARTITION BY s.name),
            min(s.delta_on) OVER (PARTITION BY s.name)
          ) AS b,
          min(CASE WHEN ${Ni(e,`q`)} THEN s.delta_on END) OVER (PARTITION BY s.name) AS f
        FROM ${e}.queue_stats s
        JOIN ${e}.queue q ON q.name = s.name
        WHERE s.name = ANY(${t}) AND ${Fi(e,n)}
      ) x`}function Li(e,t,n=Di){return`
            LEFT JOIN LATERAL (
              SELECT ${Pi(`x.b`,`x.f`)} AS h
              FROM (
                SELECT COALESCE(
                    max(s.delta_on) FILTER (WHERE ${Mi(e,n)}),
                    min(s.delta_on)
                  ) AS b,
                  min(s.delta_on) FILTER (WHERE ${Ni(e,t)}) AS f
                FROM ${e}.queue_stats s
                WHERE s.name = ${t}.name AND ${Fi(e,n)}
              ) x
            ) a ON true
            LEFT JOIN LATERAL (
              SELECT max(s.delta_on) AS top,
                sum(s.created_delta + s.completed_delta + s.failed_delta) AS settled
              FROM ${e}.queue_stats s
              WHERE s.name = ${t}.name AND ${Fi(e,n)} AND s.delta_on > a.h
            ) t ON true`}function Ri(e,t,n,r,i={}){let a=Xi(n),o=i.trueUpMax??Di,s=na(e,`queue-stats`,r);return Qi(`
    WITH ${s.cte}win AS (
      SELECT w.*, row_number() OVER (PARTITION BY w.name ORDER BY w.delta_on, w.captured_on) AS i
      FROM (${Ii(e,a,o)}) w
      WHERE w.delta_on > w.h${s.guard}
    ),
    th AS (
      SELECT w.name, w.h, array_prepend(w.h, array_agg(w.delta_on ORDER BY w.i)) AS t
      FROM win w
      GROUP BY w.name, w.h
    ),
    binned AS (
      SELECT j.name, width_bucket(j.created_on, th.t) AS cb, NULL::int AS fb, j.state
      FROM th
      JOIN ${e}.${t} j ON j.name = th.name AND j.created_on >= th.h
      UNION ALL
      SELECT j.name, NULL::int AS cb, width_bucket(j.completed_on, th.t) AS fb, j.state
      FROM th
      JOIN ${e}.${t} j ON j.name = th.name AND j.completed_on >= th.h
      WHERE j.state IN ('${T.completed}', '${T.failed}')
    ),
    grouped AS (
      SELECT name, cb, fb, state, count(*)::int AS n
      FROM binned
      WHERE cb IS NOT NULL OR fb IS NOT NULL
      GROUP BY 1, 2, 3, 4
    ),
    counted AS (
      SELECT name, cb AS i, sum(n)::int AS created, 0 AS completed, 0 AS failed
      FROM grouped WHERE cb IS NOT NULL GROUP BY 1, 2
      UNION ALL
      SELECT name, fb AS i, 0,
        COALESCE(sum(n) FILTER (WHERE state = '${T.completed}'), 0)::int,
        COALESCE(sum(n) FILTER (WHERE state = '${T.failed}'), 0)::int
      FROM grouped WHERE fb IS NOT NULL GROUP BY 1, 2
    ),
    recount AS (
      SELECT w.id, w.captured_on,
        sum(c.created)::int AS created, sum(c.completed)::int AS completed, sum(c.failed)::int AS failed
      FROM win w
      JOIN counted c ON c.name = w.name AND c.i = w.i
      GROUP BY w.id, w.captured_on
    ),
    raised AS (
      UPDATE ${e}.queue_stats s SET
        created_delta = GREATEST(s.created_delta, r.created),
        completed_delta = GREATEST(s.completed_delta, r.completed),
        failed_delta = GREATEST(s.failed_delta, r.failed)
      FROM recount r
      WHERE s.id = r.id AND s.captured_on = r.captured_on${s.guard}
        AND (r.created > s.created_delta OR r.completed > s.completed_delta OR r.failed > s.failed_delta)
      RETURNING s.id
    )
    SELECT (SELECT count(*) FROM raised)::int AS raised, ${qi} as "pinSeconds"
    WHERE true${s.guard}
  `)}const zi=.01,Bi=`'{${Array(48).fill(`NULL`).join(`,`)}}'::int[]`;function Vi(e){return`LEAST(GREATEST(${`floor((ln(GREATEST((${e})::float8, 0.001::float8)) - ${Math.log(zi)}::float8) / ${Math.log(2)/2}::float8)::int + 1`}, 0), 47)`}function Hi(e){return`LEFT JOIN LATERAL (
        SELECT array_agg(g.p) AS ps, array_agg(g.n) AS ns
        FROM (SELECT p, count(*)::int AS n FROM unnest(${e}) AS u(p) GROUP BY p) g
      ) latency ON true`}function Ui(e){return e===`wait`?`floor(p / 64.0)::int`:`(p % 64)::int`}function Wi(e){return`(SELECT array_agg(c.n ORDER BY s.slot)
          FROM generate_series(0, 47) AS s(slot)
            LEFT JOIN (SELECT ${Ui(e)} AS slot, sum(n)::int AS n
                       FROM unnest(latency.ps, latency.ns) AS u(p, n) GROUP BY 1) c ON c.slot = s.slot)`}function Gi(e,t,n,r=!1,i={}){let a=`j.state < '${T.active}'`,o=`${a} AND j.blocked`,s=`${a} AND NOT j.blocked AND j.start_after > ${e}.job_now()`,c=`${a} AND NOT j.blocked AND j.start_after <= ${e}.job_now()`,l=`j.state IN ('${T.completed}', '${T.failed}')`,u=ki(e,i.lag),d=r?{select:`
        stats."createdDelta",
        stats."completedDelta",
        stats."failedDelta",
        ${Wi(`wait`)} as "waitBins",
        ${Wi(`run`)} as "runBins",
        stats."readyOldestSeconds",
        COALESCE(stats."recount" > stats."settled", false) as "trueUp",`,join:`
      LEFT JOIN (
        SELECT
            q.name,
            created."createdDelta",
            done."completedDelta",
            done."failedDelta",
            done."latencyBins",
            oldest."readyOldestSeconds",
            recreated.n + refinished.n as "recount",
            q.settled as "settled"
          FROM (
            SELECT q.name, a.h, t.top, t.settled,
              ${Ai(`q`,u,i.resetMax)} AS w_start, ${u} AS w_end
            FROM ${e}.queue q${Li(e,`q`,i.trueUpMax)}
            WHERE q.name = ANY($1::text[])
          ) q
          LEFT JOIN LATERAL (
            SELECT count(*)::int as "createdDelta"
            FROM ${e}.${t} j
            WHERE j.name = q.name AND j.created_on >= q.w_start AND j.created_on < q.w_end
          ) created ON true
          LEFT JOIN LATERAL (
            SELECT
              (count(*) FILTER (WHERE j.state = '${T.completed}'))::int as "completedDelta",
              (count(*) FILTER (WHERE j.state = '${T.failed}'))::int as "failedDelta",
              array_agg(${Vi(`date_part('epoch', (j.started_on - GREATEST(j.created_on, j.start_after)))`)} * 64 + ${Vi(`date_part('epoch', (j.completed_on - j.started_on))`)})
                FILTER (WHERE ${l} AND j.started_on IS NOT NULL) as "latencyBins"
            FROM ${e}.${t} j
            WHERE j.name = q.name AND j.completed_on >= q.w_start AND j.completed_on < q.w_end
          ) done ON true
          LEFT JOIN LATERAL (
            SELECT round(extract(epoch from (${e}.job_now() - min(GREATEST(j.created_on, j.start_after)))))::int as "readyOldestSeconds"
            FROM ${e}.${t} j
            WHERE j.name = q.name AND ${c}
          ) oldest ON true
          LEFT JOIN LATERAL (
            SELECT count(*)::int AS n
            FROM ${e}.${t} j
            WHERE j.name = q.name AND j.created_on >= q.h AND j.created_on < q.top
          ) recreated ON true
          LEFT JOIN LATERAL (
            SELECT count(*)::int AS n
            FROM ${e}.${t} j
            WHERE j.name = q.name AND j.completed_on >= q.h AND j.completed_on < q.top AND ${l}
          ) refinished ON true
      ) stats ON stats.name = n.name`,lateral:Hi(`stats."latencyBins"`)}:{select:``,join:``,lateral:``};return{text:`
    SELECT
        n.name,
        COALESCE(live."deferredCount", 0) as "deferredCount",
        COALESCE(live."queuedCount", 0) as "queuedCount",
        COALESCE(live."readyCount", 0) as "readyCount",
        COALESCE(live."blockedCount", 0) as "blockedCount",
        COALESCE(live."activeCount", 0) as "activeCount",
        COALESCE(live."failedCount", 0) as "failedCount",
        COALESCE(live."liveCount", 0) as "liveCount",
        since."retainedSince",
        since."retainedRecent",
        since."retainedFrom",${d.select}
        singletons."singletonsActive"
      FROM unnest($1::text[]) AS n(name)
      LEFT JOIN (
        SELECT
            j.name,
            (count(*) FILTER (WHERE ${s}))::int as "deferredCount",
            (count(*) FILTER (WHERE ${o}))::int as "blockedCount",
            (count(*) FILTER (WHERE ${c}))::int as "readyCount",
            (count(*) FILTER (WHERE ${a}))::int as "queuedCount",
            (count(*) FILTER (WHERE j.state = '${T.active}'))::int as "activeCount",
            (count(*) FILTER (WHERE j.state = '${T.failed}'))::int as "failedCount",
            count(*)::int as "liveCount"
          FROM ${e}.${t} j
          WHERE j.name = ANY($1::text[]) AND ${Ge}
          GROUP BY 1
      ) live ON live.name = n.name
      LEFT JOIN LATERAL (
        SELECT qr.retained_on as "retainedFrom",
          (SELECT count(*)::int
            FROM ${e}.${t} j
            WHERE j.name = qr.name
              AND j.completed_on > qr.retained_on
              AND j.completed_on <= ${u}
              AND ${Ke}) as "retainedSince",
          (SELECT count(*)::int
            FROM ${e}.${t} j
            WHERE j.name = qr.name
              AND j.completed_on > GREATEST(qr.retained_on, ${u})
              AND j.completed_on <= ${e}.job_now()
              AND ${Ke}) as "retainedRecent"
        FROM ${e}.queue qr
        WHERE qr.name = n.name
      ) since ON true
      LEFT JOIN (
        SELECT j.name, array_agg(j.singleton_key) as "singletonsActive"
          FROM ${e}.${t} j
          WHERE j.name = ANY($1::text[])
            AND j.state = '${T.active}'
            AND j.policy IN ('${E.singleton}','${E.stately}')
          GROUP BY 1
      ) singletons ON singletons.name = n.name${d.join}
      ${d.lateral}
  `,values:[n]}}function Ki(e){let t=`queue.retained_on IS NOT DISTINCT FROM stats."retainedFrom"`,n=`COALESCE(stats."liveCount", 0)`,r=`CASE WHEN ${t} THEN queue.retained_count + COALESCE(stats."retainedSince", 0) ELSE queue.retained_count END`;return`
      retained_count = ${r},
      retained_on = CASE WHEN ${t} AND queue.retained_on IS NOT NULL THEN GREATEST(queue.retained_on, ${e}) ELSE queue.retained_on END,
      total_count = CASE
        WHEN queue.retained_count IS NULL THEN GREATEST(queue.total_count, ${n})
        WHEN ${t} THEN ${n} + ${r} + COALESCE(stats."retainedRecent", 0)
        ELSE queue.total_count
      END,`}const qi=`EXTRACT(EPOCH FROM (clock_timestamp() - transaction_timestamp()))::float8`;function Ji(e,t,n,r,i,a={}){let o=Gi(e,t,n,i,a),s=i?ji(ki(e,a.lag),a.resetMax):``,c=o.text.replaceAll(`$1::text[]`,Xi(n)),l=na(e,`queue-stats`,r),u=l.cte?`released AS (
      UPDATE ${e}.queue SET monitor_claim_on = NULL
      FROM (
        SELECT name
        FROM ${e}.queue
        WHERE name = ANY(${Xi(n)}) AND NOT (SELECT got FROM lock)
        ORDER BY name
        FOR NO KEY UPDATE
      ) r
      WHERE queue.name = r.name
    ),
    `:``;return Qi(`
    WITH ${l.cte}${u}stats AS (SELECT * FROM (${c}) agg WHERE true${l.guard})
    UPDATE ${e}.queue SET
      deferred_count = COALESCE(stats."deferredCount", 0),
      blocked_count = COALESCE(stats."blockedCount", 0),
      queued_count = COALESCE(stats."queuedCount", 0),
      ready_count = COALESCE(stats."readyCount", 0),
      active_count = COALESCE(stats."activeCount", 0),
      failed_count = COALESCE(stats."failedCount", 0),
      ${Ki(ki(e,a.lag))}${s}
      singletons_active = stats."singletonsActive",
      monitor_on = ${e}.job_now(),
      ready_history = (
        SELECT COALESCE(array_agg(v ORDER BY ord), '{}'::int[])
        FROM (
          SELECT v, ord
          FROM (
            SELECT COALESCE(stats."readyCount", 0)::int AS v, 0::bigint AS ord
            UNION ALL
            SELECT h.v, h.ord
            FROM unnest(COALESCE(queue.ready_history, '{}'::int[])) WITH ORDINALITY AS h(v, ord)
          ) merged
          ORDER BY ord
          LIMIT 60
        ) capped
      )
    FROM (
      SELECT name
      FROM ${e}.queue
      WHERE name = ANY(${Xi(n)})${l.guard}
        AND (SELECT count(*) FROM stats) >= 0
      ORDER BY name
      FOR NO KEY UPDATE
    ) q
    LEFT JOIN stats ON stats.name = q.name
    WHERE queue.name = q.name${l.guard}
    RETURNING
      queue.name,
      queue.queued_count as "queuedCount",
      queue.warning_queued as "warningQueueSize",${i?`
      COALESCE(stats."trueUp", false) as "trueUp",`:``}
      ${qi} as "pinSeconds"
  `)}function Yi(e,t,n,r={}){let i=Gi(e,t,[n]).text.replaceAll(`$1::text[]`,Xi([n])),a=na(e,`queue-stats`,r.noAdvisoryLocks||r.firstCapture);return`
    WITH ${a.cte}stats AS (SELECT * FROM (${i}) agg WHERE true${a.guard})
    UPDATE ${e}.queue SET
      deferred_count = COALESCE(stats."deferredCount", 0),
      blocked_count = COALESCE(stats."blockedCount", 0),
      queued_count = COALESCE(stats."queuedCount", 0),
      ready_count = COALESCE(stats."readyCount", 0),
      active_count = COALESCE(stats."activeCount", 0),
      failed_count = COALESCE(stats."failedCount", 0),
      ${Ki(ki(e))}
      singletons_active = stats."singletonsActive",
      monitor_on = ${e}.job_now()
    FROM (
      SELECT q.name
      FROM unnest(${Xi([n])}) AS q(name)
    ) q
    LEFT JOIN stats ON stats.name = q.name
    WHERE queue.name = q.name${a.guard}
    RETURNING
      queue.name,
      queue.deferred_count as "deferredCount",
      queue.queued_count as "queuedCount",
      queue.ready_count as "readyCount",
      queue.active_count as "activeCount",
      queue.failed_count as "failedCount",
      queue.total_count as "totalCount",
      queue.created_delta as "createdDelta",
      queue.completed_delta as "completedDelta",
      queue.failed_delta as "failedDelta",
      queue.delta_seconds as "deltaSeconds",
      queue.delta_on as "deltaOn",
      queue.monitor_on as "capturedOn"
  `}function Xi(e){return`ARRAY[${e.map(e=>`'${e.replace(w,`''`)}'`).join(`,`)}]::text[]`}function Zi(e){return`'${JSON.stringify(e).replace(w,`''`)}'`}function Qi(e){return`
    BEGIN;
    SET LOCAL lock_timeout = 30000;
    SET LOCAL idle_in_transaction_session_timeout = 30000;
    ${Array.isArray(e)?e.join(`;
`):e};
    COMMIT;
  `}function $i(e,t,n,r){let i=Array.isArray(t)?t:[t];return Qi(r?i:[ta(e,n),...i])}function ea(e,t){return`('x' || encode(sha224((current_database() || '.pgboss.${se(e)}${t||``}')::bytea), 'hex'))::bit(64)::bigint`}function ta(e,t){return`SELECT pg_advisory_xact_lock(${ea(e,t)})`}function na(e,t,n){return n?{cte:``,guard:``}:{cte:`lock AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(${ea(e,t)}) AS got),\n    `,guard:` AND (SELECT got FROM lock)`}}function ra(e,t){return`SELECT version::int/(version::int-${t}) from ${e}.version`}function ia(e,t,n){let{queued:r,byKey:i,byData:a,byId:o,after:s}=n,c=1,l=[];if(o&&(++c,l.push(`AND id = $${c}`)),i&&(++c,l.push(`AND singleton_key = $${c}`)),a&&(++c,l.push(`AND data @> $${c}::text::jsonb`)),r&&l.push(`AND state < '${T.active}'`),s){let e=`$${++c}::timestamptz`,t=`$${++c}::uuid`;l.push(`AND created_on >= ${e}`),l.push(`AND (created_on, id) > (${e}, ${t})`)}return`
    SELECT ${Rt}
    FROM ${e}.${t}
    WHERE name = $1
      ${l.join(`
      `)}
    ORDER BY created_on, id
    LIMIT $${++c}
    `}function aa(e,t){return`
    SELECT ${Rt}
    FROM ${e}.${t}
    WHERE name = $1
      AND id = $2
    `}function oa(e,t){let n=`
    INSERT INTO ${e}.job_dependency (child_name, child_id, parent_name, parent_id)
    SELECT child_name, child_id, parent_name, parent_id
    FROM json_to_recordset($1::text::json) AS x (
      child_name text,
      child_id uuid,
      parent_name text,
      parent_id uuid
    )
    ON CONFLICT DO NOTHING
  `;return t?n.replace(`$1`,()=>Zi(t)):n}function sa(e,t=!1){return`
    SELECT parent_name as "parentName", parent_id as "parentId"
    FROM ${e}.job_dependency
    WHERE child_name = $1 AND child_id = $2
      ${t?`AND (parent_name, parent_id) > ($3, $4::uuid)`:``}
    ORDER BY parent_name, parent_id
    LIMIT ${t?`$5`:`$3`}
  `}function ca(e,t=!1){return`
    SELECT child_name as "childName", child_id as "childId"
    FROM ${e}.job_dependency
    WHERE parent_name = $1 AND parent_id = $2
      ${t?`AND (child_name, child_id) > ($3, $4::uuid)`:``}
    ORDER BY child_name, child_id
    LIMIT ${t?`$5`:`$3`}
  `}function la(e,t,n,r,i={}){let{after:a,batchSize:o=1e4,noAdvisoryLocks:s,backend:c}=i,l=`'${n.replace(w,`''`)}'`,u=a?`AND ${r}_id > '${a.replace(w,`''`)}'::uuid`:``,d=a?`AND j.id > '${a.replace(w,`''`)}'::uuid`:``,f=`COALESCE((SELECT id FROM edge), '${mi}'::uuid)`;return $i(e,`
    WITH edge AS (
      SELECT ${r}_id AS id
      FROM ${e}.job_dependency
      WHERE ${r}_name = ${l} ${u}
      ORDER BY ${r}_id
      OFFSET ${o-1}
      LIMIT 1
    ),
    removed AS (
      DELETE FROM ${e}.job_dependency d
      WHERE ${r}_name = ${l} ${u}
        AND ${yi(`${r}_id`,`SELECT ${r}_id FROM ${e}.job_dependency WHERE ${r}_name = ${l} ${u}`,o,c)}
        AND NOT EXISTS (
          SELECT 1 FROM ${e}.${t} j
          WHERE j.name = ${l} ${d}
            AND j.id <= ${f}
            AND j.id = d.${r}_id
        )
      RETURNING 1
    )
    SELECT
      (SELECT id FROM edge) AS "walkCursor",
      (SELECT count(*) FROM removed)::int AS deleted
  `,t+`cleanupDependencies`,s)}function ua(e,t){return`SELECT ${$n(`created_on`)} AS "createdOn" FROM ${e}.${t} WHERE name = $1 AND id = $2::uuid`}function da(e,t,n=!1){return`
    SELECT DISTINCT singleton_key as "singletonKey"
    FROM ${e}.${t}
    WHERE name = $1
      AND state = '${T.failed}'
      AND policy = '${E.key_strict_fifo}'
      ${n?`AND singleton_key > $2`:``}
    ORDER BY "singletonKey"
    LIMIT ${n?`$3`:`$2`}
    `}function fa(e,t){let n=pa(e,t);return t.noAdvisoryLocks?n:$i(e,n,`bamClaim`)}function pa(e,{useLiveness:t=!1,pendingOnly:n=!1}={}){let r=`NOT EXISTS (
    SELECT 1 FROM ${e}.bam p
    WHERE p.version = c.version
      AND p.table_name = c.table_name
      AND p.created_on < c.created_on
      AND p.status <> 'completed'
  )`;if(!t)return`
      WITH candidate AS (
        SELECT c.id, c.status AS prior_status, c.started_on AS prior_started_on
        FROM ${e}.bam c
        WHERE ${n?`c.status = 'pending'`:`(
          c.status IN ('pending', 'failed')
          OR (c.status = 'in_progress' AND c.started_on < ${e}.job_now() - interval '${He} seconds')
        )`}
        AND ${r}
        AND NOT EXISTS (
          SELECT 1 FROM ${e}.bam g
          WHERE g.status = 'in_progress' AND g.started_on >= ${e}.job_now() - interval '${He} seconds'
        )
        ORDER BY (c.status != 'pending'), c.created_on
        LIMIT 1
      )
      UPDATE ${e}.bam b
      SET status = 'in_progress', started_on = ${e}.job_now()
      FROM candidate
      WHERE b.id = candidate.id
        AND b.status = candidate.prior_status
        AND b.started_on IS NOT DISTINCT FROM candidate.prior_started_on
      RETURNING b.id, b.name, b.version, b.status, b.queue, b.table_name as "table", b.command, b.error,
                b.created_on as "createdOn", b.started_on as "startedOn", b.completed_on as "completedOn",
                (candidate.prior_status <> 'pending') as reattempt,
                candidate.prior_status as "priorStatus", candidate.prior_started_on::text as "priorStartedOn",
                b.started_on::text as "claimedStartedOn"
    `;let i=t=>`EXISTS (
    SELECT 1 FROM pg_locks l
    WHERE l.locktype = 'relation'
      AND l.granted
      AND l.mode = 'ShareUpdateExclusiveLock'
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.relation = to_regclass(quote_ident('${C(e)}') || '.' || quote_ident(${t}))
  )`,a=(t,n)=>`(
    ${t} < ${e}.job_now() - interval '300 seconds'
    AND NOT ${i(n)}
  )`;return`
    WITH candidate AS (
      SELECT c.id, c.status AS prior_status, c.started_on AS prior_started_on
      FROM ${e}.bam c
      WHERE ${n?`c.status = 'pending'`:`(
        c.status IN ('pending', 'failed')
        OR (c.status = 'in_progress' AND ${a(`c.started_on`,`c.table_name`)})
      )`}
      AND ${r}
      AND NOT EXISTS (
        SELECT 1 FROM ${e}.bam g
        WHERE g.status = 'in_progress' AND NOT ${a(`g.started_on`,`g.table_name`)}
      )
      ORDER BY (c.status != 'pending'), c.created_on
      LIMIT 1
      FOR UPDATE OF c SKIP LOCKED
    )
    UPDATE ${e}.bam b
    SET status = 'in_progress', started_on = ${e}.job_now()
    FROM candidate
    WHERE b.id = candidate.id
      AND b.status = candidate.prior_status
      AND b.started_on IS NOT DISTINCT FROM candidate.prior_started_on
    RETURNING b.id, b.name, b.version, b.status, b.queue, b.table_name as "table", b.command, b.error,
              b.created_on as "createdOn", b.started_on as "startedOn", b.completed_on as "completedOn",
              (candidate.prior_status <> 'pending') as reattempt,
              candidate.prior_status as "priorStatus", candidate.prior_started_on::text as "priorStartedOn",
              b.started_on::text as "claimedStartedOn"
  `}function ma(e,t){let n=t.match(/CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?("?[\w$]+"?)/i);return n?`DROP INDEX CONCURRENTLY IF EXISTS ${e}.${n[1]}`:null}function ha(e,t){let n=t.match(/CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?"?([\w$]+)"?/i);return n?`
    SELECT NOT i.indisvalid AS invalid
    FROM pg_class c
    JOIN pg_index i ON i.indexrelid = c.oid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = '${C(e).replace(w,`''`)}' AND c.relname = '${n[1].replace(w,`''`)}'
  `:null}function ga(e,t,n,r,i){let a=r==null?`NULL`:`'${r.replace(w,`''`)}'::timestamptz`;return`
    UPDATE ${e}.bam
    SET status = '${n.replace(w,`''`)}', started_on = ${a}
    WHERE id = '${t}'
      AND status = 'in_progress'
      AND started_on = '${i.replace(w,`''`)}'::timestamptz
  `}function _a(e,t){return`
    UPDATE ${e}.bam
    SET status = 'completed', completed_on = ${e}.job_now(), error = NULL
    WHERE id = '${t}'
  `}function va(e){return/^\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX|DROP\s+INDEX)\s+CONCURRENTLY\b/i.test(e)}function ya(e){return`/* pgboss bam ${e} */`}function ba(e){return`
    SELECT pg_cancel_backend(pid) AS cancelled
    FROM pg_stat_activity
    WHERE datname = current_database()
      AND pid <> pg_backend_pid()
      AND state = 'active'
      AND query LIKE '${ya(e)}%'
  `}function xa(e,t,n){return`
    UPDATE ${e}.bam
    SET status = 'failed', error = '${n.replace(/'/g,`''`)}', completed_on = ${e}.job_now()
    WHERE id = '${t}'
  `}function Sa(e){return`
    SELECT status, count(*)::int as count, max(created_on) as "lastCreatedOn"
    FROM ${e}.bam
    GROUP BY status
    ORDER BY status
  `}function Ca(e,t=!1){let n=t=>`(SELECT ${t} FROM ${e}.bam WHERE id = $1::uuid)`;return`
    SELECT id, name, version, status, queue, table_name as "table", command, error,
           created_on as "createdOn", started_on as "startedOn", completed_on as "completedOn"
    FROM ${e}.bam
    ${t?`WHERE (version, created_on, id) > (${n(`version`)}, ${n(`created_on`)}, $1::uuid)`:``}
    ORDER BY version, created_on, id
    LIMIT ${t?`$2`:`$1`}
  `}function wa(e){return`SELECT 1 FROM ${e}.bam WHERE id = $1::uuid`}function Ta(e){return`SELECT to_regclass('${e}.${O}') as name`}function Ea(e){return`SELECT table_name as "table", policy FROM ${e}.queue WHERE partition = true`}function Da(e){return`SELECT command FROM ${e}.bam WHERE status <> 'completed'`}function Oa(e){let t=e.match(/CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?"?([\w$]+)"?/i);return t?t[1]:null}const ka={1:E.short,2:E.singleton,3:E.stately,6:E.exclusive,8:E.key_strict_fifo,10:E.key_strict_fifo},Aa=[4,7,9,11,12,13,14,15,16,17],ja=[`version`,`queue`,`schedule`,`subscription`,`bam`,`warning`,`queue_stats`,`job_dependency`,`instance`];function Ma(e){return e?Re:ze}function Na(e,t){return e.split(Le).join(t)}function Pa(e){return e.slice(e.indexOf(`(`)+1,e.indexOf(`)`)).split(`,`).map(e=>e.trim().replace(/\s+DEFAULT\s+.*$/i,``)).filter(Boolean).map(e=>e.split(/\s+/).slice(1).join(` `)).join(`, `)}function Fa(e,t=!0){let n=Ma(t),r=n.tables.map(t=>`${e}.${t}`).join(`, `);return[`DROP FUNCTION IF EXISTS ${n.functions.map(t=>`${e}.${t.name}(${Pa(t.def)})`).join(`, `)};`,`DROP TABLE IF EXISTS ${r};`,`DROP TYPE IF EXISTS ${e}.job_state;`].join(`
`)}const Ia=Re.enum;function La(e,t,n=[]){let r=[...Ma(t).tables];if(t)for(let e of n)r.push(e.table);return r}function Ra(e,t,n=[]){let r=new Set(ja),i=/* @__PURE__ */ new Map,a=[];for(let n of Ma(t).columns){if(n.table===`job`){a.push(n.column);continue}if(!r.has(n.table))continue;let t=i.get(n.table);t||i.set(n.table,t={table:n.table,columns:[],defaults:{},types:{}}),t.columns.push(n.column),t.types[n.column]={type:Na(n.type,e),notNull:n.notNull},n.default!=null&&(t.defaults[n.column]=Na(n.default,e))}let o=[...i.values()];if(o.push({table:`job`,columns:a}),t){o.push({table:O,columns:a});for(let e of n)o.push({table:e.table,columns:a})}return o}function za(e,t){let n=new Set(ja),r=/* @__PURE__ */ new Map;for(let{table:i,def:a}of Ma(t).constraints)n.has(i)&&(r.get(i)??r.set(i,[]).get(i)).push(Na(a,e));return[...r].map(([e,t])=>({table:e,constraints:t}))}function Ba(e,t,n={}){return Ma(t).functions.map(t=>{let r=Na(t.def,e);return t.name===`job_now`&&n.clockOverride&&(r=r.replace(Se(r),` ${et(e)} `)),{name:t.name,expectedBody:Ce(Se(r)),definition:r.replace(/\s+/g,` `).trim()}})}function Va(e,t,n=[]){let r=(t,n,r)=>{let i=Na(r,e);return{name:t,table:n,keys:_e(i),include:me(i),predicate:ve(i),definition:xe(i)}},i=t?O:`job`,a=[],o=[];for(let e of Ma(t).indexes){a.push(r(e.name,e.table,e.def));let t=e.table===i?e.name.match(/_i(\d+)$/):null;t&&o.push({n:Number(t[1]),def:e.def})}if(t)for(let e of n)for(let{n:t,def:n}of o)(Aa.includes(t)||ka[t]===e.policy)&&a.push(r(`${e.table}_i${t}`,e.table,n.split(O).join(e.table)));return a}const Ha={minPages:128,maxEntriesPerPage:5,minSizeRatio:4,maxIndexBytes:2147483648},Ua=`
      floor(i.reltuples)::float8 as entries,
      pg_relation_size(i.oid)::float8 as bytes,`;function Wa(e,t,n){return e==null?t:(g(typeof e==`number`&&Number.isFinite(e)&&e>=0,`configuration assert: reindex.${n} must be a finite number >= 0`),e)}function Ga(e,t){return t?.length?`t.relname = ANY(${Xi(t)})`:`t.relname IN (SELECT table_name FROM ${e}.queue UNION SELECT 'job' UNION SELECT '${O}')`}function Ka(e,t,n){let r=Wa(n?.minPages,Ha.minPages,`minPages`),i=Wa(n?.maxEntriesPerPage,Ha.maxEntriesPerPage,`maxEntriesPerPage`),a=Wa(n?.minSizeRatio,Ha.minSizeRatio,`minSizeRatio`);return`
    SELECT
      i.relname as name,
      t.relname as table,
      i.relpages as pages,
      ${Ua}
      pg_has_role(current_user, i.relowner, 'USAGE') as owned
    FROM pg_class i
    JOIN pg_index x ON x.indexrelid = i.oid
    JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = i.relnamespace
    LEFT JOIN LATERAL (
      SELECT COALESCE(sum(COALESCE(ts.avg_width, xs.avg_width, 0)), 0) AS key_width
      FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k(attnum, pos)
      LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum
      LEFT JOIN pg_stats ts ON ts.schemaname = n.nspname AND ts.tablename = t.relname AND ts.attname = a.attname
      LEFT JOIN pg_attribute ia ON ia.attrelid = i.oid AND ia.attnum = k.pos::int2
      LEFT JOIN pg_stats xs ON xs.schemaname = n.nspname AND xs.tablename = i.relname AND xs.attname = ia.attname
    ) w ON true
    WHERE n.nspname = '${C(e).replace(w,`''`)}'
      AND i.relkind = 'i'
      AND x.indisvalid
      AND ${Ga(e,t)}
      AND i.relpages > ${r}
      AND i.reltuples >= 0
      AND i.reltuples / GREATEST(i.relpages, 1) < ${i}
      AND i.relpages > ${a} * GREATEST(ceil((i.reltuples * (w.key_width + 20)) / 8192.0), 1)
    ORDER BY pg_relation_size(i.oid) DESC
  `}function qa(e,t){return`
    SELECT
      i.relname as name,
      t.relname as table,
      i.relpages as pages,
      ${Ua}
      pg_has_role(current_user, i.relowner, 'USAGE') as owned
    FROM pg_class i
    JOIN pg_index x ON x.indexrelid = i.oid
    JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = i.relnamespace
    WHERE n.nspname = '${C(e).replace(w,`''`)}'
      AND i.relkind = 'i'
      AND x.indisvalid
      AND ${Ga(e,t)}
    ORDER BY pg_relation_size(i.oid) DESC
  `}function Ja(e,t,n=!1,r=!1){let i=n?``:`AND NOT EXISTS (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.relid = x.indrelid)`,a=r?``:`AND pg_has_role(current_user, i.relowner, 'USAGE')`;return`
    SELECT i.relname as name
    FROM pg_class i
    JOIN pg_index x ON x.indexrelid = i.oid
    JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = i.relnamespace
    WHERE n.nspname = '${C(e).replace(w,`''`)}'
      AND i.relkind = 'i'
      AND NOT x.indisvalid
      AND i.relname ~ '_ccnew[0-9]*$'
      AND ${Ga(e,t)}
      ${a}
      ${i}
  `}function Ya(e){return`"${e.replace(/"/g,`""`)}"`}const Xa={backends:`SELECT max(age(backend_xmin)) FROM pg_catalog.pg_stat_activity WHERE backend_xmin IS NOT NULL AND (xact_start IS NULL OR xact_start < $1)`,slots:`SELECT max(age(xmin)) FROM pg_catalog.pg_replication_slots WHERE xmin IS NOT NULL`,slotsCatalog:`SELECT max(age(catalog_xmin)) FROM pg_catalog.pg_replication_slots WHERE catalog_xmin IS NOT NULL`,standbys:`SELECT max(age(backend_xmin)) FROM pg_catalog.pg_stat_replication WHERE backend_xmin IS NOT NULL`,prepared:`SELECT max(age(transaction)) FROM pg_catalog.pg_prepared_xacts`},Za=Object.keys(Xa);function Qa(e,t=Za){g(t.length,`getXminHorizon requires at least one source`);let n=t.map(e=>`(${Xa[e]}) as "${e}"`),r=t.includes(`backends`)?`,
      (SELECT to_jsonb(h) FROM (
        SELECT
          pid,
          application_name                                    as "applicationName",
          usename::text                                       as "userName",
          state,
          age(backend_xmin)                                   as age,
          extract(epoch from (now() - xact_start))::int       as "xactSeconds"
        FROM pg_catalog.pg_stat_activity
        WHERE backend_xmin IS NOT NULL
          AND (xact_start IS NULL OR xact_start < $1)
          AND pid <> pg_backend_pid()
        ORDER BY age(backend_xmin) DESC, xact_start NULLS LAST
        LIMIT 1
      ) h) as "backendHolder",
      (SELECT count(*)::int FROM pg_catalog.pg_stat_activity
        WHERE backend_xmin IS NOT NULL AND xact_start IS NULL
          AND pid <> pg_backend_pid()) as "opaqueBackends",
      current_setting('application_name') as "selfApplicationName"`:``;return{text:`
    SELECT
      ${n.join(`,
      `)},
      (SELECT max(extract(epoch from (now() - xact_start)))::int
         FROM pg_catalog.pg_stat_activity
        WHERE backend_xmin IS NOT NULL AND xact_start IS NOT NULL) as "oldestTransactionSeconds"${r}
  `,values:t.includes(`backends`)?[e]:[]}}function $a(e,t){return`
    SELECT t.relname as name,
      s.n_live_tup as "liveTuples",
      s.n_dead_tup as "deadTuples",
      (extract(epoch from GREATEST(s.last_autovacuum, s.last_vacuum)) * 1000)::float8 as "lastVacuum",
      extract(epoch from (now() - GREATEST(s.last_autovacuum, s.last_vacuum)))::int as "vacuumAgeSeconds",
      coalesce((SELECT option_value::int FROM pg_options_to_table(t.reloptions)
                 WHERE option_name = 'autovacuum_vacuum_threshold'),
               current_setting('autovacuum_vacuum_threshold')::int) as "threshold",
      coalesce((SELECT option_value::float8 FROM pg_options_to_table(t.reloptions)
                 WHERE option_name = 'autovacuum_vacuum_scale_factor'),
               current_setting('autovacuum_vacuum_scale_factor')::float8) as "scaleFactor",
      coalesce((SELECT option_value::boolean FROM pg_options_to_table(t.reloptions)
                 WHERE option_name = 'autovacuum_enabled'), true) as "autovacuumEnabled"
    FROM pg_catalog.pg_class t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_catalog.pg_stat_user_tables s ON s.relid = t.oid
    WHERE n.nspname = '${C(e).replace(w,`''`)}'
      AND t.relkind = 'r'
      AND ${Ga(e,t)}
  `}function eo(e,t){return`REINDEX INDEX CONCURRENTLY ${e}.${Ya(t)}`}function to(e,t){return`DROP INDEX CONCURRENTLY IF EXISTS ${e}.${Ya(t)}`}function no(e,t,n){return t.length?[...n.map(({name:t})=>to(e,t)),...t.map(({name:t})=>eo(e,t))]:[]}const ro={now:()=>Date.now(),setTimeout:(e,t)=>setTimeout(e,t),clearTimeout:e=>clearTimeout(e),setInterval:(e,t)=>setInterval(e,t),clearInterval:e=>clearInterval(e)};function io(e){return typeof e.attach==`function`}const k={MAX_EXPIRATION_HOURS:24,MIN_POLLING_INTERVAL_MS:500,MAX_RETENTION_DAYS:365},ao=[`noSkipLocked`,`noMultiMutationCte`,`noTablePartitioning`,`noDeferrableConstraints`,`noAdvisoryLocks`,`noCoveringIndexes`,`noAddColumnBackfill`,`noListenNotify`,`noIndexProgressView`,`noReindex`,`noMonitorVacuum`,`noTransactionalHeartbeat`,`inlineTableIndexes`],oo={postgres:{kind:`standard`,flags:{}},cockroachdb:{kind:`distributed`,flags:{noSkipLocked:!0,noMultiMutationCte:!0,noTablePartitioning:!0,noDeferrableConstraints:!0,noAdvisoryLocks:!0,noCoveringIndexes:!0,noAddColumnBackfill:!0,noListenNotify:!0,noIndexProgressView:!0,noReindex:!0,noMonitorVacuum:!0,noTransactionalHeartbeat:!0,inlineTableIndexes:!0}},yugabytedb:{kind:`distributed`,flags:{noAdvisoryLocks:!0,noTablePartitioning:!0,noIndexProgressView:!0,noReindex:!0,noMonitorVacuum:!0}},citus:{kind:`distributed`,flags:{}},pglite:{kind:`embedded`,flags:{}}};function so(e,t=`Name`){g(/^[\w.\-/]+$/.test(e),`${t} can only contain alphanumeric characters, underscores, hyphens, periods, or forward slashes`)}function co(e={}){g(!(`deadLetter`in e)||e.deadLetter===null||typeof e.deadLetter==`string`,`deadLetter must be a string`),g(!(`notify`in e)||typeof e.notify==`boolean`,`notify must be a boolean`),e.deadLetter&&so(e.deadLetter,`deadLetter`),Go(e),Wo(e),Uo(e),Qo(e),Ko(e)}const lo=/^\d{4}-\d{2}-\d{2}/,uo=/^(?:[T ]\d{2}(?::\d{2}(?::\d{2}(?:[.,]\d+)?)?)?)?$/;function fo(e){return lo.test(e)&&uo.test(e.slice(10))?e+`Z`:e}function po(e){let t,n,r;if(typeof e[0]==`string`)t=e[0],n=e[1],g(typeof n!=`function`,`send() cannot accept a function as the payload.  Did you intend to use work()?`),r=e[2];else if(typeof e[0]==`object`){g(e.length===1,`send object API only accepts 1 argument`);let i=e[0];g(i,`boss requires all jobs to have a name`),t=i.name,n=i.data,r=i.options}return r||={},g(t,`boss requires all jobs to have a queue name`),g(typeof r==`object`,`options should be an object`),r={...r},g(!(`priority`in r)||Number.isInteger(r.priority),`priority must be an integer`),r.priority=r.priority||0,r.startAfter=r.startAfter instanceof Date&&typeof r.startAfter.toISOString==`function`?r.startAfter.toISOString():+r.startAfter>0?``+r.startAfter:typeof r.startAfter==`string`?fo(r.startAfter):void 0,Go(r),Wo(r),Uo(r),Qo(r),go(r),Ko(r),{name:t,data:n,options:r}}const mo=[`newest`,`oldest`,`all`];function ho(e,{upsert:t=!1}={}){let n=t?`upsert()`:`update()`,r,i,a;if(typeof e[0]==`string`)r=e[0],i=e[1],a=e[2];else if(typeof e[0]==`object`){g(e.length===1,`${n} object API only accepts 1 argument`);let t=e[0];g(t,`boss requires all jobs to have a name`),r=t.name,i=t.data,a=t.options}g(r,`boss requires all jobs to have a queue name`),g(typeof i!=`function`,`${n} cannot accept a function as the payload.  Did you intend to use work()?`);let o={...a||{}};g(typeof o==`object`,`options should be an object`);let{id:s,singletonKey:c,match:l}=o;if(g(!!s!=!!c,`${n} requires exactly one of id or singletonKey`),g(!(s&&l!==void 0),`match is only valid when targeting jobs by singletonKey`),g(l===void 0||mo.includes(l),`match must be one of: ${mo.join(`, `)}`),g(!(`priority`in o)||Number.isInteger(o.priority),`priority must be an integer`),`startAfter`in o){let e=o.startAfter;o.startAfter=e instanceof Date&&typeof e.toISOString==`function`?e.toISOString():typeof e==`number`&&Number.isFinite(e)?``+e:typeof e==`string`?fo(e):void 0}return Go(o),Wo(o),Uo(o),go(o),Ko(o),{name:r,data:i,options:o}}function go(e){`group`in e&&e.group!==void 0&&e.group!==null&&(g(typeof e.group==`object`,`group must be an object`),g(typeof e.group.id==`string`&&e.group.id.length>0,`group.id must be a non-empty string`),g(!(`tier`in e.group)||typeof e.group.tier==`string`&&e.group.tier.length>0,`group.tier must be a non-empty string if provided`))}function _o(e){g(Array.isArray(e),`flow requires an array of jobs`),g(e.length>=2,`flow requires at least 2 jobs`);let t=/* @__PURE__ */ new Set;for(let n of e)g(typeof n.ref==`string`&&n.ref.length>0,`each flow job must have a non-empty ref`),g(!t.has(n.ref),`duplicate ref: "${n.ref}"`),t.add(n.ref),g(typeof n.name==`string`&&n.name.length>0,`each flow job must have a non-empty name`),so(n.name);let n=e.some(e=>e.dependsOn&&e.dependsOn.length>0);g(n,`flow requires at least one job with dependsOn`);for(let n of e)if(n.dependsOn){g(Array.isArray(n.dependsOn),`dependsOn for ref "${n.ref}" must be an array`);for(let e of n.dependsOn)g(typeof e==`string`&&e.length>0,`dependsOn entries must be non-empty strings`),g(e!==n.ref,`job "${n.ref}" cannot depend on itself`),g(t.has(e),`dependsOn ref "${e}" not found in flow`)}let r=/* @__PURE__ */ new Map,i=/* @__PURE__ */ new Map;for(let t of e)r.set(t.ref,0),i.set(t.ref,[]);for(let t of e)if(t.dependsOn)for(let e of t.dependsOn)i.get(e).push(t.ref),r.set(t.ref,r.get(t.ref)+1);let a=[];for(let[e,t]of r)t===0&&a.push(e);let o=0;for(;a.length>0;){let e=a.shift();o++;for(let t of i.get(e)){let e=r.get(t)-1;r.set(t,e),e===0&&a.push(t)}}if(o!==e.length){let e=vo(i);g(!1,`flow contains a dependency cycle: ${e.join(` -> `)}`)}}function vo(e){let t=/* @__PURE__ */ new Set,n=/* @__PURE__ */ new Set,r=[];function i(a){if(t.has(a)){let e=r.indexOf(a);return[...r.slice(e),a]}if(n.has(a))return null;t.add(a),r.push(a);for(let t of e.get(a)||[]){let e=i(t);if(e)return e}return r.pop(),t.delete(a),n.add(a),null}let a=null;for(let t of e.keys())if(a=i(t),a)break;return a}function yo(e,t){if(typeof e==`number`)g(Number.isInteger(e)&&e>=1,`${t} must be an integer >= 1`);else if(g(typeof e==`object`,`${t} must be a number or an object with { default, tiers? }`),g(Number.isInteger(e.default)&&e.default>=1,`${t}.default must be an integer >= 1`),`tiers`in e&&e.tiers){g(typeof e.tiers==`object`,`${t}.tiers must be an object`);for(let[n,r]of Object.entries(e.tiers))g(typeof n==`string`&&n.length>0,`${t} tier keys must be non-empty strings`),g(Number.isInteger(r)&&r>=1,`${t}.tiers["${n}"] must be an integer >= 1`)}}function bo(e){e.minPriority!==void 0&&g(Number.isInteger(e.minPriority),`minPriority must be an integer`),e.maxPriority!==void 0&&g(Number.isInteger(e.maxPriority),`maxPriority must be an integer`),e.minPriority!==void 0&&e.maxPriority!==void 0&&g(e.minPriority<=e.maxPriority,`minPriority must be <= maxPriority`)}function xo(e){let t=e.groupConcurrency!=null,n=e.localGroupConcurrency!=null;g(!(t&&n),`cannot specify both groupConcurrency and localGroupConcurrency - choose one`),t&&yo(e.groupConcurrency,`groupConcurrency`),n&&(yo(e.localGroupConcurrency,`localGroupConcurrency`),So(e.localGroupConcurrency,e.localConcurrency))}function So(e,t){let n=t??1;if(typeof e==`number`)g(e<=n,`localGroupConcurrency (${e}) cannot exceed localConcurrency (${n})`);else if(typeof e==`object`&&(g(e.default<=n,`localGroupConcurrency.default (${e.default}) cannot exceed localConcurrency (${n})`),e.tiers))for(let[t,r]of Object.entries(e.tiers))g(r<=n,`localGroupConcurrency.tiers["${t}"] (${r}) cannot exceed localConcurrency (${n})`)}function Co(e,t){let n,r;return g(e,`queue name is required`),t.length===1?(r=t[0],n={}):t.length>1&&(n=t[0]||{},r=t[1]),g(typeof r==`function`,`expected callback to be a function`),g(typeof n==`object`,`expected config to be an object`),n={...n},Jo(n),g(!(`batchSize`in n)||Number.isInteger(n.batchSize)&&n.batchSize>=1,`batchSize must be an integer > 0`),g(!(`includeMetadata`in n)||typeof n.includeMetadata==`boolean`,`includeMetadata must be a boolean`),g(!(`priority`in n)||typeof n.priority==`boolean`,`priority must be a boolean`),g(!(`localConcurrency`in n)||Number.isInteger(n.localConcurrency)&&n.localConcurrency>=1,`localConcurrency must be an integer >= 1`),g(!(`perJobResults`in n)||typeof n.perJobResults==`boolean`,`perJobResults must be a boolean`),g(!(`transactional`in n)||typeof n.transactional==`boolean`,`transactional must be a boolean`),bo(n),xo(n),qo(n),wo(n),{options:n,callback:r}}function wo(e){g(!(`transactionTimeoutSeconds`in e)||Number.isInteger(e.transactionTimeoutSeconds)&&e.transactionTimeoutSeconds>=0,`transactionTimeoutSeconds must be an integer >= 0`),e.transactional?g(!e.perJobResults,`transactional cannot be combined with perJobResults`):g(!(`transactionTimeoutSeconds`in e),`transactionTimeoutSeconds requires transactional`)}function To(e,t){g(e,`missing queue name`),g(!(`batchSize`in t)||Number.isInteger(t.batchSize)&&t.batchSize>=1,`batchSize must be an integer > 0`),g(!(`includeMetadata`in t)||typeof t.includeMetadata==`boolean`,`includeMetadata must be a boolean`),g(!(`priority`in t)||typeof t.priority==`boolean`,`priority must be a boolean`),g(!(`ignoreStartAfter`in t)||typeof t.ignoreStartAfter==`boolean`,`ignoreStartAfter must be a boolean`),bo(t)}function Eo(e){g(e&&(typeof e==`object`||typeof e==`string`),`configuration assert: string or config object is required to connect to postgres`);let t=typeof e==`string`?{connectionString:e}:{...e};return t.schedule=`schedule`in t?t.schedule:!0,t.supervise=`supervise`in t?t.supervise:!0,t.migrate=`migrate`in t?t.migrate:!0,t.createSchema=`createSchema`in t?t.createSchema:!0,t.useListenNotify=`useListenNotify`in t&&t.useListenNotify,t.reindex=`reindex`in t?t.reindex:!0,No(t),Oo(t),ko(t),Yo(t),$o(t),es(t),ts(t),Ao(t),Mo(t),jo(t),t}const Do=[`now`,`setTimeout`,`clearTimeout`,`setInterval`,`clearInterval`];function Oo(e){if(e.clock){let t=e.clock;for(let e of Do)g(typeof t[e]==`function`,`configuration assert: clock must implement ${e}()`)}e.clock=e.clock||ro}function ko(e){e.schema&&Fo(e.schema),e.schema=e.schema||`pgboss`}function Ao(e){e.registerInstance=`registerInstance`in e?e.registerInstance!==!1:!0,g(!(`instanceName`in e)||e.instanceName===void 0||typeof e.instanceName==`string`&&e.instanceName.length>0,`configuration assert: instanceName must be a non-empty string`),g(!(`instanceHeartbeatSeconds`in e)||e.instanceHeartbeatSeconds===void 0||Number.isInteger(e.instanceHeartbeatSeconds)&&e.instanceHeartbeatSeconds>=1&&e.instanceHeartbeatSeconds<=3600,`configuration assert: instanceHeartbeatSeconds must be an integer from 1 to 3600`),e.instanceHeartbeatSeconds=e.instanceHeartbeatSeconds||30}function jo(e){let t=e.openTelemetry;if(t!=null){g(typeof t==`object`,`configuration assert: openTelemetry must be an object`);for(let e of[`enabled`,`propagateContext`])g(t[e]===void 0||typeof t[e]==`boolean`,`configuration assert: openTelemetry.${e} must be a boolean`);g(t.tracerProvider===void 0||typeof t.tracerProvider?.getTracer==`function`,`configuration assert: openTelemetry.tracerProvider must implement getTracer()`),g(t.meterProvider===void 0||typeof t.meterProvider?.getMeter==`function`,`configuration assert: openTelemetry.meterProvider must implement getMeter()`),g(t.propagator===void 0||typeof t.propagator?.inject==`function`&&typeof t.propagator?.extract==`function`,`configuration assert: openTelemetry.propagator must implement inject() and extract()`)}}function Mo(e){g(!(`warningQueueSize`in e)||e.warningQueueSize>=1,`configuration assert: warningQueueSize must be at least 1`),g(!(`warningSlowQuerySeconds`in e)||e.warningSlowQuerySeconds>=1,`configuration assert: warningSlowQuerySeconds must be at least 1`),g(!(`warningRetentionDays`in e)||Number.isInteger(e.warningRetentionDays)&&e.warningRetentionDays>=1,`configuration assert: warningRetentionDays must be an integer >= 1`),g(!(`warningRetentionDays`in e)||e.warningRetentionDays<=k.MAX_RETENTION_DAYS,`configuration assert: warningRetentionDays cannot exceed ${k.MAX_RETENTION_DAYS} days`),e.warningRetentionDays=e.warningRetentionDays||k.MAX_RETENTION_DAYS}function No(e){let t=`backend`in e?e.backend:`postgres`;g(t in oo,`configuration assert: backend must be one of ${Object.keys(oo).join(`, `)}`),e.backend=t;let{flags:n}=oo[t];t===`yugabytedb`&&process.emitWarning(`backend: 'yugabytedb' is deprecated and will be rejected in the next major. YugabyteDB is not supported: releases are not tested against it and upgrades do not work there. See https://pgboss.io/database-backends#not-supported-yugabytedb`,`DeprecationWarning`,`PGBOSS_DEP_YUGABYTEDB`);for(let t of ao)e[t]=n[t]??!1;e.__test__distributed&&(e.noSkipLocked=!0,e.noMultiMutationCte=!0),e.__test__noAdvisoryLocks&&(e.noAdvisoryLocks=!0),e.__test__noIndexProgressView&&(e.noIndexProgressView=!0),e.__test__noTransactionalHeartbeat&&(e.noTransactionalHeartbeat=!0),e.__test__noReindex&&(e.noReindex=!0)}function Po(e){return e.includes(`"`)?`cannot contain double quotes`:e.includes(`'`)?`cannot contain single quotes`:e.includes(`%`)?`cannot contain percent signs`:e.includes(`$`)?`cannot contain dollar signs`:e.includes(`.`)?`cannot contain periods`:e.includes(`\\`)?`cannot contain backslashes`:/[\x00-\x1f\x7f]/.test(e)?`cannot contain control characters`:null}function Fo(e){g(typeof e==`string`,`Name must be a string`);let t=e.startsWith(`"`)&&e.endsWith(`"`)&&e.length>1,n=t?e.slice(1,-1):e;if(g(n.length>0,`Name cannot be empty`),g(Buffer.byteLength(n,`utf8`)<=50,`Name cannot exceed 50 bytes`),t){let e=Po(n);g(e===null,`Quoted name ${e}`);return}let r=Po(e),i=r===null?` Pass it quoted to use it verbatim: schema: '"${e}"'`:` Quoting will not help: a quoted name ${r}.`;g(!/\W/.test(e),`Schema name ${JSON.stringify(e)} can only contain alphanumeric characters or underscores when unquoted.${i}`),g(!/^\d/.test(e),`Schema name ${JSON.stringify(e)} cannot start with a number when unquoted.${i}`)}const Io=1e5;function Lo(e,t=1e3){return g(Number.isInteger(t)&&t>=1&&t<=Io,`${e}: limit must be an integer between 1 and ${Io}`),t}const Ro=/^(?:\{[0-9a-fA-F]{4}(?:-?[0-9a-fA-F]{4}){7}\}|[0-9a-fA-F]{4}(?:-?[0-9a-fA-F]{4}){7})$/;function zo(e){return Ro.test(e)}function Bo(e,t,n=!1){g(t===void 0||typeof t==`string`&&t.length>0,`${e}: after must be a non-empty string`),g(!n||t===void 0||zo(t),`${e}: after must be a uuid`)}function Vo(e,t,n,r){g(t===void 0||typeof t==`object`&&!!t&&n.every(e=>typeof t[e]==`string`),`${e}: after must be an object with string ${n.join(` and `)}`),g(!r||t===void 0||zo(t[r]),`${e}: after.${r} must be a uuid`)}function A(e){g(e,`Name is required`),g(typeof e==`string`,`Name must be a string`),so(e)}function Ho(e){e&&(g(typeof e==`string`,`Key must be a string`),so(e,`Key`))}function Uo(e){g(!(`retentionSeconds`in e)||e.retentionSeconds>=1,`configuration assert: retentionSeconds must be at least every second`)}function Wo(e){g(!(`expireInSeconds`in e)||e.expireInSeconds>=1,`configuration assert: expireInSeconds must be at least every second`),g(!e.expireInSeconds||e.expireInSeconds/60/60<=k.MAX_EXPIRATION_HOURS,`configuration assert: expiration cannot exceed ${k.MAX_EXPIRATION_HOURS} hours`)}function Go(e){g(!(`retryDelay`in e)||Number.isInteger(e.retryDelay)&&e.retryDelay>=0,`retryDelay must be an integer >= 0`),g(!(`retryLimit`in e)||Number.isInteger(e.retryLimit)&&e.retryLimit>=0,`retryLimit must be an integer >= 0`),g(!(`retryBackoff`in e)||e.retryBackoff===!0||e.retryBackoff===!1,`retryBackoff must be either true or false`),g(!(`retryDelayMax`in e)||e.retryDelayMax===null||e.retryBackoff===!0,`retryDelayMax can only be set if retryBackoff is true`),g(!(`retryDelayMax`in e)||e.retryDelayMax===null||Number.isInteger(e.retryDelayMax)&&e.retryDelayMax>=0,`retryDelayMax must be an integer >= 0`)}function Ko(e){g(!(`heartbeatSeconds`in e)||e.heartbeatSeconds===null||Number.isInteger(e.heartbeatSeconds)&&e.heartbeatSeconds>=10,`heartbeatSeconds must be an integer >= 10`)}function qo(e){`heartbeatRefreshSeconds`in e&&e.heartbeatRefreshSeconds!=null&&g(typeof e.heartbeatRefreshSeconds==`number`&&e.heartbeatRefreshSeconds>0,`heartbeatRefreshSeconds must be a number > 0`)}function Jo(e){g(!(`pollingIntervalSeconds`in e)||e.pollingIntervalSeconds>=k.MIN_POLLING_INTERVAL_MS/1e3,`configuration assert: pollingIntervalSeconds must be at least every ${k.MIN_POLLING_INTERVAL_MS}ms`),e.pollingInterval=`pollingIntervalSeconds`in e?e.pollingIntervalSeconds*1e3:2e3,g(!(`notifyPollingIntervalSeconds`in e)||e.notifyPollingIntervalSeconds>=k.MIN_POLLING_INTERVAL_MS/1e3,`configuration assert: notifyPollingIntervalSeconds must be at least every ${k.MIN_POLLING_INTERVAL_MS}ms`),`notifyPollingIntervalSeconds`in e?(e.notifyPollingInterval=e.notifyPollingIntervalSeconds*1e3,g(e.notifyPollingInterval>=e.pollingInterval,`configuration assert: notifyPollingIntervalSeconds must be at least pollingIntervalSeconds`)):e.notifyPollingInterval=Math.max(3e4,e.pollingInterval),g(!(`burstWhenReadyExceeds`in e)||Number.isInteger(e.burstWhenReadyExceeds)&&e.burstWhenReadyExceeds>=1,`configuration assert: burstWhenReadyExceeds must be an integer >= 1`),g(!(`burstWhenBatchFull`in e)||typeof e.burstWhenBatchFull==`boolean`,`configuration assert: burstWhenBatchFull must be a boolean`)}function Yo(e){g(!(`superviseIntervalSeconds`in e)||e.superviseIntervalSeconds>=1,`configuration assert: superviseIntervalSeconds must be at least every second`),e.superviseIntervalSeconds=e.superviseIntervalSeconds||60,g(e.superviseIntervalSeconds/60/60<=k.MAX_EXPIRATION_HOURS,`configuration assert: superviseIntervalSeconds cannot exceed ${k.MAX_EXPIRATION_HOURS} hours`),g(!(`maintenanceIntervalSeconds`in e)||e.maintenanceIntervalSeconds>=1,`configuration assert: maintenanceIntervalSeconds must be at least every second`),e.maintenanceIntervalSeconds=e.maintenanceIntervalSeconds||k.MAX_EXPIRATION_HOURS*60*60,g(e.maintenanceIntervalSeconds/60/60<=k.MAX_EXPIRATION_HOURS,`configuration assert: maintenanceIntervalSeconds cannot exceed ${k.MAX_EXPIRATION_HOURS} hours`),g(!(`monitorIntervalSeconds`in e)||e.monitorIntervalSeconds>=1,`configuration assert: monitorIntervalSeconds must be at least every second`),e.monitorIntervalSeconds=e.monitorIntervalSeconds||60,g(e.monitorIntervalSeconds/60/60<=k.MAX_EXPIRATION_HOURS,`configuration assert: monitorIntervalSeconds cannot exceed ${k.MAX_EXPIRATION_HOURS} hours`),g(!(`queueCacheIntervalSeconds`in e)||e.queueCacheIntervalSeconds>=1,`configuration assert: queueCacheIntervalSeconds must be at least every second`),e.queueCacheIntervalSeconds=e.queueCacheIntervalSeconds||60,g(e.queueCacheIntervalSeconds/60/60<=k.MAX_EXPIRATION_HOURS,`configuration assert: queueCacheIntervalSeconds cannot exceed ${k.MAX_EXPIRATION_HOURS} hours`),`queueStatRetentionDays`in e&&(g(Number.isInteger(e.queueStatRetentionDays)&&e.queueStatRetentionDays>=1,`configuration assert: queueStatRetentionDays must be an integer >= 1`),g(e.queueStatRetentionDays<=k.MAX_RETENTION_DAYS,`configuration assert: queueStatRetentionDays cannot exceed ${k.MAX_RETENTION_DAYS} days`)),e.queueStatRetentionDays=e.queueStatRetentionDays||7,Xo(e),Zo(e)}function Xo(e){if(g(!(`reindex`in e)||typeof e.reindex==`boolean`||typeof e.reindex==`object`&&e.reindex!==null,`configuration assert: reindex must be a boolean or an options object`),typeof e.reindex==`object`&&e.reindex!==null){let{minPages:t,maxEntriesPerPage:n,minSizeRatio:r,maxIndexBytes:i,force:a}=e.reindex;g(t===void 0||Number.isInteger(t)&&t>=0,`configuration assert: reindex.minPages must be an integer >= 0`),g(n===void 0||typeof n==`number`&&n>0,`configuration assert: reindex.maxEntriesPerPage must be a number > 0`),g(r===void 0||typeof r==`number`&&r>=0,`configuration assert: reindex.minSizeRatio must be a number >= 0`),g(i===void 0||Number.isInteger(i)&&i>0,`configuration assert: reindex.maxIndexBytes must be an integer > 0`),g(a===void 0||a===!1,`configuration assert: reindex.force cannot be set in constructor options. Pass it to supervise()`)}g(!(`reindexIntervalSeconds`in e)||e.reindexIntervalSeconds>=1,`configuration assert: reindexIntervalSeconds must be at least every second`),e.reindexIntervalSeconds=e.reindexIntervalSeconds||k.MAX_EXPIRATION_HOURS*60*60,g(e.reindexIntervalSeconds/60/60<=k.MAX_EXPIRATION_HOURS,`configuration assert: reindexIntervalSeconds cannot exceed ${k.MAX_EXPIRATION_HOURS} hours`)}function Zo(e){g(!(`monitorVacuum`in e)||typeof e.monitorVacuum==`boolean`,`configuration assert: monitorVacuum must be a boolean`)}function Qo(e){g(!(`deleteAfterSeconds`in e)||e.deleteAfterSeconds>=0,`configuration assert: deleteAfterSeconds must be at least 0 (0 disables deletion)`)}function $o(e){g(!(`clockMonitorIntervalSeconds`in e)||e.clockMonitorIntervalSeconds>=1&&e.clockMonitorIntervalSeconds<=600,`configuration assert: clockMonitorIntervalSeconds must be between 1 second and 10 minutes`),e.clockMonitorIntervalSeconds=e.clockMonitorIntervalSeconds||600,g(!(`cronMonitorIntervalSeconds`in e)||e.cronMonitorIntervalSeconds>=1&&e.cronMonitorIntervalSeconds<=45,`configuration assert: cronMonitorIntervalSeconds must be between 1 and 45 seconds`),e.cronMonitorIntervalSeconds=e.cronMonitorIntervalSeconds||30,g(!(`cronWorkerIntervalSeconds`in e)||e.cronWorkerIntervalSeconds>=1&&e.cronWorkerIntervalSeconds<=45,`configuration assert: cronWorkerIntervalSeconds must be between 1 and 45 seconds`),e.cronWorkerIntervalSeconds=e.cronWorkerIntervalSeconds||5}function es(e){let t=e.__test__bypass_bam_interval_check?1:10;g(!(`bamIntervalSeconds`in e)||e.bamIntervalSeconds>=t,`configuration assert: bamIntervalSeconds must be at least ${t} seconds`),e.bamIntervalSeconds=e.bamIntervalSeconds||60}function ts(e){let t=e.__test__bypass_flow_interval_check?.5:1;g(!(`flowIntervalSeconds`in e)||e.flowIntervalSeconds>=t,`configuration assert: flowIntervalSeconds must be at least ${t} seconds`),e.flowIntervalSeconds=e.flowIntervalSeconds||5}function ns(e){for(let t of e)g(typeof t==`object`&&!!t&&typeof t.tableName==`string`&&typeof t.policy==`string`,`partitionTables entries must be { tableName, policy } records, received: ${JSON.stringify(t)}. The string[] form was removed in 12.28.0.`)}function rs(e,t){return e.replace(/\.job\b/g,`.${t}`).replace(/\bjob_i(\d+)/g,`${t}_i$1`)}function is(e,t,n,r){let i=typeof t==`string`,a=i?t:t.command,o=i?a.match(/job_table_run_async\(\s*'([^']+)'/):null,s=i?a.match(/\$\$([\s\S]*?)\$\$/):null,c=i?a.match(/\$\$\s*,\s*'([^']+)'/):null;g(!i||o&&s,`Unable to inline async migration command: ${a}`);let l=i?o[1]:t.name,u=(i?s[1]:t.command).trim(),d=e=>e.replace(/(CREATE (?:UNIQUE )?INDEX CONCURRENTLY)(?! IF NOT EXISTS) /,`$1 IF NOT EXISTS `);if(!i&&t.table)return[`-- inlined from ${e}.bam (migration v${n}, command: ${l})\n${d(u)}`];let f=i?void 0:t.partitionPolicy,p=r.filter(e=>!f||e.policy===f).map(e=>e.tableName);return(c?[c[1]]:[`job_common`,...p]).map(t=>`${`-- inlined from ${e}.job_table_run_async (migration v${n}, command: ${l})`}\n${d(rs(u,t))}`)}function as(e,t,n){if(typeof t==`string`)return t.replace(/\$VERSION\$/g,String(n));let r=t.name.replaceAll(`'`,`''`);if(t.table)return`INSERT INTO ${e}.bam (name, version, status, table_name, command)
    VALUES ('${r}', ${n}, 'pending', '${t.table.replaceAll(`'`,`''`)}', $$${t.command}$$)`;let i=t.partitionPolicy?.replaceAll(`'`,`''`);return i?`SELECT ${e}.job_table_run_async(
    '${r}',
    ${n},
    $$${t.command}$$,
    targets.table_name,
    targets.queue_name
  )
  FROM (
    SELECT 'job_common'::text AS table_name, NULL::text AS queue_name
    UNION ALL
    SELECT table_name, name FROM ${e}.queue WHERE partition = true AND policy = '${i}'
  ) targets`:`SELECT ${e}.job_table_run_async('${r}', ${n}, $$${t.command}$$)`}function os(e,t,n,r){return t.unshift(ra(e,n)),t.push(sr(e,n)),$i(e,t,void 0,r)}function ss(e,t,n,r){n||=_s(e);let i=n.find(e=>e.version===t);return g(i,`Version ${t} not found.`),os(e,[...i.async?.length?[`DELETE FROM ${e}.bam WHERE version = ${i.version} AND status <> 'completed'`]:[],...i.uninstall||[]],i.previous,r)}function cs(e,t,n,r){n||=_s(e);let i=n.find(e=>e.previous===t);return g(i,`Version ${t} not found.`),os(e,i.install,i.version,r)}function ls(e,t,n,r,i={}){if(n||=_s(e),Number.isInteger(t)&&t!==0){let e=Math.min(...n.map(e=>e.previous));g(t>=e,`Cannot migrate pg-boss schema from version ${t}: the oldest supported starting version is ${e}. Upgrade to a schema at or above that version using an older pg-boss release first.`)}ns(i.partitionTables||[]);let a=[],o=n.filter(e=>e.previous>=t).sort((e,t)=>e.version-t.version).reduce((t,n)=>{if(t.install=t.install.concat(n.install),n.async){if(i.inlineAsync)for(let t of n.async)a.push(...is(e,t,n.version,i.partitionTables||[]));else{let r=n.async.map(t=>as(e,t,n.version));t.install=t.install.concat(r)}}return t.version=n.version,t},{install:[],version:t});return g(o.install.length>0,`Version ${t} not found.`),{sql:os(e,o.install,o.version,r),concurrent:a}}function us(e,t,n,r,i={}){let{sql:a,concurrent:o}=ls(e,t,n,r,i);return o.length?`${a}\n${o.join(`;
`)};`:a}const j={26:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
      tablename varchar := CASE WHEN options->>'partition' = 'true'
                            THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
                            ELSE 'job_common'
                            END;
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
        INSERT INTO ${e}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, 2),
          COALESCE((options->>'retryDelay')::int, 0),
          COALESCE((options->>'retryBackoff')::bool, false),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, 900),
          COALESCE((options->>'retentionSeconds')::int, 1209600),
          COALESCE((options->>'deleteAfterSeconds')::int, 604800),
          COALESCE((options->>'warningQueueSize')::int, 0),
          options->>'deadLetter',
          COALESCE((options->>'partition')::bool, false),
          tablename
        )
        ON CONFLICT DO NOTHING
        RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

      EXECUTE format('ALTER TABLE ${e}.%1$I ADD PRIMARY KEY (name, id)', tablename);
      EXECUTE format('ALTER TABLE ${e}.%1$I ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', tablename);
      EXECUTE format('ALTER TABLE ${e}.%1$I ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', tablename);

      EXECUTE format('CREATE INDEX %1$s_i5 ON ${e}.%1$I (name, start_after) INCLUDE (priority, created_on, id) WHERE state < ''active''', tablename);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i4 ON ${e}.%1$I (name, singleton_on, COALESCE(singleton_key, '''')) WHERE state <> ''cancelled'' AND singleton_on IS NOT NULL', tablename);

      IF options->>'policy' = 'short' THEN
        EXECUTE format('CREATE UNIQUE INDEX %1$s_i1 ON ${e}.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''created'' AND policy = ''short''', tablename);
      ELSIF options->>'policy' = 'singleton' THEN
        EXECUTE format('CREATE UNIQUE INDEX %1$s_i2 ON ${e}.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''active'' AND policy = ''singleton''', tablename);
      ELSIF options->>'policy' = 'stately' THEN
        EXECUTE format('CREATE UNIQUE INDEX %1$s_i3 ON ${e}.%1$I (name, state, COALESCE(singleton_key, '''')) WHERE state <= ''active'' AND policy = ''stately''', tablename);
      ELSIF options->>'policy' = 'exclusive' THEN
        EXECUTE format('CREATE UNIQUE INDEX %1$s_i6 ON ${e}.%1$I (name, COALESCE(singleton_key, '''')) WHERE state <= ''active'' AND policy = ''exclusive''', tablename);
      END IF;

      EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
      EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `,27:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
      tablename varchar := CASE WHEN options->>'partition' = 'true'
                            THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
                            ELSE 'job_common'
                            END;
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
        INSERT INTO ${e}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, 2),
          COALESCE((options->>'retryDelay')::int, 0),
          COALESCE((options->>'retryBackoff')::bool, false),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, 900),
          COALESCE((options->>'retentionSeconds')::int, 1209600),
          COALESCE((options->>'deleteAfterSeconds')::int, 604800),
          COALESCE((options->>'warningQueueSize')::int, 0),
          options->>'deadLetter',
          COALESCE((options->>'partition')::bool, false),
          tablename
        )
        ON CONFLICT DO NOTHING
        RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i5 ON ${e}.job (name, start_after) INCLUDE (priority, created_on, id) WHERE state < 'active'$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);

      IF options->>'policy' = 'short' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
      ELSIF options->>'policy' = 'singleton' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
      ELSIF options->>'policy' = 'stately' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
      ELSIF options->>'policy' = 'exclusive' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
      END IF;

      EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
      EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `,28:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
      tablename varchar := CASE WHEN options->>'partition' = 'true'
                            THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
                            ELSE 'job_common'
                            END;
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
        INSERT INTO ${e}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, 2),
          COALESCE((options->>'retryDelay')::int, 0),
          COALESCE((options->>'retryBackoff')::bool, false),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, 900),
          COALESCE((options->>'retentionSeconds')::int, 1209600),
          COALESCE((options->>'deleteAfterSeconds')::int, 604800),
          COALESCE((options->>'warningQueueSize')::int, 0),
          options->>'deadLetter',
          COALESCE((options->>'partition')::bool, false),
          tablename
        )
        ON CONFLICT DO NOTHING
        RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i5 ON ${e}.job (name, start_after) INCLUDE (priority, created_on, id) WHERE state < 'active'$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);

      IF options->>'policy' = 'short' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
      ELSIF options->>'policy' = 'singleton' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
      ELSIF options->>'policy' = 'stately' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
      ELSIF options->>'policy' = 'exclusive' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
      ELSIF options->>'policy' = 'key_strict_fifo' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
      END IF;

      EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
      EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `,30:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
      tablename varchar := CASE WHEN options->>'partition' = 'true'
                            THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
                            ELSE 'job_common'
                            END;
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
        INSERT INTO ${e}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name,
          heartbeat_seconds
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, 2),
          COALESCE((options->>'retryDelay')::int, 0),
          COALESCE((options->>'retryBackoff')::bool, false),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, 900),
          COALESCE((options->>'retentionSeconds')::int, 1209600),
          COALESCE((options->>'deleteAfterSeconds')::int, 604800),
          COALESCE((options->>'warningQueueSize')::int, 0),
          options->>'deadLetter',
          COALESCE((options->>'partition')::bool, false),
          tablename,
          (options->>'heartbeatSeconds')::int
        )
        ON CONFLICT DO NOTHING
        RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i5 ON ${e}.job (name, start_after) INCLUDE (priority, created_on, id) WHERE state < 'active'$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);

      IF options->>'policy' = 'short' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
      ELSIF options->>'policy' = 'singleton' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
      ELSIF options->>'policy' = 'stately' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
      ELSIF options->>'policy' = 'exclusive' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
      ELSIF options->>'policy' = 'key_strict_fifo' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
      END IF;

      EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
      EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `,31:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
      tablename varchar := CASE WHEN options->>'partition' = 'true'
                            THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
                            ELSE 'job_common'
                            END;
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
        INSERT INTO ${e}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name,
          heartbeat_seconds
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, 2),
          COALESCE((options->>'retryDelay')::int, 0),
          COALESCE((options->>'retryBackoff')::bool, false),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, 900),
          COALESCE((options->>'retentionSeconds')::int, 1209600),
          COALESCE((options->>'deleteAfterSeconds')::int, 604800),
          COALESCE((options->>'warningQueueSize')::int, 0),
          options->>'deadLetter',
          COALESCE((options->>'partition')::bool, false),
          tablename,
          (options->>'heartbeatSeconds')::int
        )
        ON CONFLICT DO NOTHING
        RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i5 ON ${e}.job (name, start_after) INCLUDE (priority, created_on, id) WHERE state < 'active' AND NOT blocked$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);

      IF options->>'policy' = 'short' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
      ELSIF options->>'policy' = 'singleton' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
      ELSIF options->>'policy' = 'stately' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
      ELSIF options->>'policy' = 'exclusive' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
      ELSIF options->>'policy' = 'key_strict_fifo' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
      END IF;

      EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
      EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `,32:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
      tablename varchar := CASE WHEN options->>'partition' = 'true'
                            THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
                            ELSE 'job_common'
                            END;
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
        INSERT INTO ${e}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name,
          heartbeat_seconds,
          notify
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, 2),
          COALESCE((options->>'retryDelay')::int, 0),
          COALESCE((options->>'retryBackoff')::bool, false),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, 900),
          COALESCE((options->>'retentionSeconds')::int, 1209600),
          COALESCE((options->>'deleteAfterSeconds')::int, 604800),
          COALESCE((options->>'warningQueueSize')::int, 0),
          options->>'deadLetter',
          COALESCE((options->>'partition')::bool, false),
          tablename,
          (options->>'heartbeatSeconds')::int,
          COALESCE((options->>'notify')::bool, false)
        )
        ON CONFLICT DO NOTHING
        RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i5 ON ${e}.job (name, start_after) INCLUDE (priority, created_on, id) WHERE state < 'active' AND NOT blocked$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);

      IF options->>'policy' = 'short' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
      ELSIF options->>'policy' = 'singleton' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
      ELSIF options->>'policy' = 'stately' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
      ELSIF options->>'policy' = 'exclusive' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
      ELSIF options->>'policy' = 'key_strict_fifo' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
      END IF;

      EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
      EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `,33:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
      tablename varchar := CASE WHEN options->>'partition' = 'true'
                            THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
                            ELSE 'job_common'
                            END;
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
        INSERT INTO ${e}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name,
          heartbeat_seconds,
          notify
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, 2),
          COALESCE((options->>'retryDelay')::int, 0),
          COALESCE((options->>'retryBackoff')::bool, false),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, 900),
          COALESCE((options->>'retentionSeconds')::int, 1209600),
          COALESCE((options->>'deleteAfterSeconds')::int, 604800),
          COALESCE((options->>'warningQueueSize')::int, 0),
          options->>'deadLetter',
          COALESCE((options->>'partition')::bool, false),
          tablename,
          (options->>'heartbeatSeconds')::int,
          COALESCE((options->>'notify')::bool, false)
        )
        ON CONFLICT DO NOTHING
        RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i5 ON ${e}.job (name, start_after) WHERE state < 'active' AND NOT blocked$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i9 ON ${e}.job (name, id) WHERE blocking AND state = 'completed'$cmd$, tablename);

      IF options->>'policy' = 'short' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
      ELSIF options->>'policy' = 'singleton' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
      ELSIF options->>'policy' = 'stately' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
      ELSIF options->>'policy' = 'exclusive' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
      ELSIF options->>'policy' = 'key_strict_fifo' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
      END IF;

      EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
      EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `,38:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
      tablename varchar := CASE WHEN options->>'partition' = 'true'
                            THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
                            ELSE 'job_common'
                            END;
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
        INSERT INTO ${e}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name,
          heartbeat_seconds,
          notify
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, 2),
          COALESCE((options->>'retryDelay')::int, 0),
          COALESCE((options->>'retryBackoff')::bool, false),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, 900),
          COALESCE((options->>'retentionSeconds')::int, 1209600),
          COALESCE((options->>'deleteAfterSeconds')::int, 604800),
          COALESCE((options->>'warningQueueSize')::int, 0),
          options->>'deadLetter',
          COALESCE((options->>'partition')::bool, false),
          tablename,
          (options->>'heartbeatSeconds')::int,
          COALESCE((options->>'notify')::bool, false)
        )
        ON CONFLICT DO NOTHING
        RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i5 ON ${e}.job (name, start_after) WHERE state < 'active' AND NOT blocked$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i9 ON ${e}.job (name, id) WHERE blocking AND state = 'completed'$cmd$, tablename);

      IF options->>'policy' = 'short' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
      ELSIF options->>'policy' = 'singleton' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
      ELSIF options->>'policy' = 'stately' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
      ELSIF options->>'policy' = 'exclusive' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
      ELSIF options->>'policy' = 'key_strict_fifo' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i10 ON ${e}.job (name, singleton_key, state DESC, created_on, id) INCLUDE (start_after) WHERE state < 'active' AND NOT blocked AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
      END IF;

      EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
      EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `,40:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
      tablename varchar := CASE WHEN options->>'partition' = 'true'
                            THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
                            ELSE 'job_common'
                            END;
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
        INSERT INTO ${e}.queue (
          name,
          policy,
          retry_limit,
          retry_delay,
          retry_backoff,
          retry_delay_max,
          expire_seconds,
          retention_seconds,
          deletion_seconds,
          warning_queued,
          dead_letter,
          partition,
          table_name,
          heartbeat_seconds,
          notify
        )
        VALUES (
          queue_name,
          options->>'policy',
          COALESCE((options->>'retryLimit')::int, 2),
          COALESCE((options->>'retryDelay')::int, 0),
          COALESCE((options->>'retryBackoff')::bool, false),
          (options->>'retryDelayMax')::int,
          COALESCE((options->>'expireInSeconds')::int, 900),
          COALESCE((options->>'retentionSeconds')::int, 1209600),
          COALESCE((options->>'deleteAfterSeconds')::int, 604800),
          COALESCE((options->>'warningQueueSize')::int, 0),
          options->>'deadLetter',
          COALESCE((options->>'partition')::bool, false),
          tablename,
          (options->>'heartbeatSeconds')::int,
          COALESCE((options->>'notify')::bool, false)
        )
        ON CONFLICT DO NOTHING
        RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i11 ON ${e}.job (name, priority DESC, created_on, start_after) WHERE state < 'active' AND NOT blocked$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);
      EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i9 ON ${e}.job (name, id) WHERE blocking AND state = 'completed'$cmd$, tablename);

      IF options->>'policy' = 'short' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
      ELSIF options->>'policy' = 'singleton' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
      ELSIF options->>'policy' = 'stately' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
      ELSIF options->>'policy' = 'exclusive' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
      ELSIF options->>'policy' = 'key_strict_fifo' THEN
        EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i10 ON ${e}.job (name, singleton_key, state DESC, created_on, id) INCLUDE (start_after) WHERE state < 'active' AND NOT blocked AND policy = 'key_strict_fifo'$cmd$, tablename);
        EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
      END IF;

      EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
      EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `,42:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
    tablename varchar := CASE WHEN options->>'partition' = 'true'
    THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
    ELSE 'job_common'
    END;
    queue_created_on timestamptz;
    BEGIN

    WITH q as (
    INSERT INTO ${e}.queue (
    name,
    policy,
    retry_limit,
    retry_delay,
    retry_backoff,
    retry_delay_max,
    expire_seconds,
    retention_seconds,
    deletion_seconds,
    warning_queued,
    dead_letter,
    partition,
    table_name,
    heartbeat_seconds,
    notify,
    created_on,
    updated_on
    )
    VALUES (
    queue_name,
    options->>'policy',
    COALESCE((options->>'retryLimit')::int, 2),
    COALESCE((options->>'retryDelay')::int, 0),
    COALESCE((options->>'retryBackoff')::bool, false),
    (options->>'retryDelayMax')::int,
    COALESCE((options->>'expireInSeconds')::int, 900),
    COALESCE((options->>'retentionSeconds')::int, 1209600),
    COALESCE((options->>'deleteAfterSeconds')::int, 604800),
    COALESCE((options->>'warningQueueSize')::int, 0),
    options->>'deadLetter',
    COALESCE((options->>'partition')::bool, false),
    tablename,
    (options->>'heartbeatSeconds')::int,
    COALESCE((options->>'notify')::bool, false),
    ${e}.job_now(),
    ${e}.job_now()
    )
    ON CONFLICT DO NOTHING
    RETURNING created_on
    )
    SELECT created_on into queue_created_on from q;

    IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
    RETURN;
    END IF;

    EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i11 ON ${e}.job (name, priority DESC, created_on, start_after) WHERE state < 'active' AND NOT blocked$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i9 ON ${e}.job (name, id) WHERE blocking AND state = 'completed'$cmd$, tablename);

    IF options->>'policy' = 'short' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
    ELSIF options->>'policy' = 'singleton' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
    ELSIF options->>'policy' = 'stately' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
    ELSIF options->>'policy' = 'exclusive' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
    ELSIF options->>'policy' = 'key_strict_fifo' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i10 ON ${e}.job (name, singleton_key, state DESC, created_on, id) INCLUDE (start_after) WHERE state < 'active' AND NOT blocked AND policy = 'key_strict_fifo'$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
    END IF;

    EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
    EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `,43:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
    tablename varchar := CASE WHEN options->>'partition' = 'true'
    THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
    ELSE 'job_common'
    END;
    queue_created_on timestamptz;
    BEGIN

    WITH q as (
    INSERT INTO ${e}.queue (
    name,
    policy,
    retry_limit,
    retry_delay,
    retry_backoff,
    retry_delay_max,
    expire_seconds,
    retention_seconds,
    deletion_seconds,
    warning_queued,
    dead_letter,
    partition,
    table_name,
    heartbeat_seconds,
    notify,
    created_on,
    updated_on
    )
    VALUES (
    queue_name,
    options->>'policy',
    COALESCE((options->>'retryLimit')::int, 2),
    COALESCE((options->>'retryDelay')::int, 0),
    COALESCE((options->>'retryBackoff')::bool, false),
    (options->>'retryDelayMax')::int,
    COALESCE((options->>'expireInSeconds')::int, 900),
    COALESCE((options->>'retentionSeconds')::int, 1209600),
    COALESCE((options->>'deleteAfterSeconds')::int, 604800),
    COALESCE((options->>'warningQueueSize')::int, 0),
    options->>'deadLetter',
    COALESCE((options->>'partition')::bool, false),
    tablename,
    (options->>'heartbeatSeconds')::int,
    COALESCE((options->>'notify')::bool, false),
    ${e}.job_now(),
    ${e}.job_now()
    )
    ON CONFLICT DO NOTHING
    RETURNING created_on
    )
    SELECT created_on into queue_created_on from q;

    IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
    RETURN;
    END IF;

    EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i11 ON ${e}.job (name, priority DESC, created_on, start_after) WHERE state < 'active' AND NOT blocked$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i9 ON ${e}.job (name, id) WHERE blocking AND state = 'completed'$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i12 ON ${e}.job (source_root_id) WHERE source_root_id IS NOT NULL$cmd$, tablename);

    IF options->>'policy' = 'short' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
    ELSIF options->>'policy' = 'singleton' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
    ELSIF options->>'policy' = 'stately' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
    ELSIF options->>'policy' = 'exclusive' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
    ELSIF options->>'policy' = 'key_strict_fifo' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i10 ON ${e}.job (name, singleton_key, state DESC, created_on, id) INCLUDE (start_after) WHERE state < 'active' AND NOT blocked AND policy = 'key_strict_fifo'$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
    END IF;

    EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
    EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `,45:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
    tablename varchar := CASE WHEN options->>'partition' = 'true'
    THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
    ELSE 'job_common'
    END;
    queue_created_on timestamptz;
    BEGIN

    WITH q as (
    INSERT INTO ${e}.queue (
    name,
    policy,
    retry_limit,
    retry_delay,
    retry_backoff,
    retry_delay_max,
    expire_seconds,
    retention_seconds,
    deletion_seconds,
    warning_queued,
    dead_letter,
    partition,
    table_name,
    heartbeat_seconds,
    notify,
    created_on,
    updated_on
    )
    VALUES (
    queue_name,
    options->>'policy',
    COALESCE((options->>'retryLimit')::int, 2),
    COALESCE((options->>'retryDelay')::int, 0),
    COALESCE((options->>'retryBackoff')::bool, false),
    (options->>'retryDelayMax')::int,
    COALESCE((options->>'expireInSeconds')::int, 900),
    COALESCE((options->>'retentionSeconds')::int, 1209600),
    COALESCE((options->>'deleteAfterSeconds')::int, 604800),
    COALESCE((options->>'warningQueueSize')::int, 0),
    options->>'deadLetter',
    COALESCE((options->>'partition')::bool, false),
    tablename,
    (options->>'heartbeatSeconds')::int,
    COALESCE((options->>'notify')::bool, false),
    ${e}.job_now(),
    ${e}.job_now()
    )
    ON CONFLICT DO NOTHING
    RETURNING created_on
    )
    SELECT created_on into queue_created_on from q;

    IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
    RETURN;
    END IF;

    EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i11 ON ${e}.job (name, priority DESC, created_on, start_after) WHERE state < 'active' AND NOT blocked$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i9 ON ${e}.job (name, id) WHERE blocking AND state = 'completed'$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i12 ON ${e}.job (source_root_id) WHERE source_root_id IS NOT NULL$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i13 ON ${e}.job (name, singleton_key) WHERE state = 'created' AND upsert_by_key$cmd$, tablename);

    IF options->>'policy' = 'short' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
    ELSIF options->>'policy' = 'singleton' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
    ELSIF options->>'policy' = 'stately' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
    ELSIF options->>'policy' = 'exclusive' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
    ELSIF options->>'policy' = 'key_strict_fifo' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i10 ON ${e}.job (name, singleton_key, state DESC, created_on, id) INCLUDE (start_after) WHERE state < 'active' AND NOT blocked AND policy = 'key_strict_fifo'$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
    END IF;

    EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
    EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `,46:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    DECLARE
    tablename varchar := CASE WHEN options->>'partition' = 'true'
    THEN 'j' || encode(sha224(queue_name::bytea), 'hex')
    ELSE 'job_common'
    END;
    queue_created_on timestamptz;
    BEGIN

    WITH q as (
    INSERT INTO ${e}.queue (
    name,
    policy,
    retry_limit,
    retry_delay,
    retry_backoff,
    retry_delay_max,
    expire_seconds,
    retention_seconds,
    deletion_seconds,
    warning_queued,
    dead_letter,
    partition,
    table_name,
    heartbeat_seconds,
    notify,
    created_on,
    updated_on
    )
    VALUES (
    queue_name,
    options->>'policy',
    COALESCE((options->>'retryLimit')::int, 2),
    COALESCE((options->>'retryDelay')::int, 0),
    COALESCE((options->>'retryBackoff')::bool, false),
    (options->>'retryDelayMax')::int,
    COALESCE((options->>'expireInSeconds')::int, 900),
    COALESCE((options->>'retentionSeconds')::int, 1209600),
    COALESCE((options->>'deleteAfterSeconds')::int, 604800),
    COALESCE((options->>'warningQueueSize')::int, 0),
    options->>'deadLetter',
    COALESCE((options->>'partition')::bool, false),
    tablename,
    (options->>'heartbeatSeconds')::int,
    COALESCE((options->>'notify')::bool, false),
    ${e}.job_now(),
    ${e}.job_now()
    )
    ON CONFLICT DO NOTHING
    RETURNING created_on
    )
    SELECT created_on into queue_created_on from q;

    IF queue_created_on IS NULL OR options->>'partition' IS DISTINCT FROM 'true' THEN
    RETURN;
    END IF;

    EXECUTE format('CREATE TABLE ${e}.%I (LIKE ${e}.job INCLUDING DEFAULTS)', tablename);

    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD PRIMARY KEY (name, id)$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES ${e}.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED$cmd$, tablename);

    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i11 ON ${e}.job (name, priority DESC, created_on, start_after) WHERE state < 'active' AND NOT blocked$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i4 ON ${e}.job (name, singleton_on, COALESCE(singleton_key, '')) WHERE state <> 'cancelled' AND singleton_on IS NOT NULL$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i9 ON ${e}.job (name, id) WHERE blocking AND state = 'completed'$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i12 ON ${e}.job (source_root_id) WHERE source_root_id IS NOT NULL$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i13 ON ${e}.job (name, singleton_key) WHERE state = 'created' AND upsert_by_key$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i14 ON ${e}.job (name, state, blocked, start_after) WHERE state IN ('created', 'retry', 'active', 'failed')$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i15 ON ${e}.job (name, created_on)$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i16 ON ${e}.job (name, completed_on) WHERE completed_on IS NOT NULL$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i17 ON ${e}.job (name, singleton_key, created_on) WHERE state < 'active' AND singleton_key IS NOT NULL$cmd$, tablename);

    IF options->>'policy' = 'short' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i1 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'created' AND policy = 'short'$cmd$, tablename);
    ELSIF options->>'policy' = 'singleton' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i2 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state = 'active' AND policy = 'singleton'$cmd$, tablename);
    ELSIF options->>'policy' = 'stately' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i3 ON ${e}.job (name, state, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'stately'$cmd$, tablename);
    ELSIF options->>'policy' = 'exclusive' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i6 ON ${e}.job (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'$cmd$, tablename);
    ELSIF options->>'policy' = 'key_strict_fifo' THEN
    EXECUTE ${e}.job_table_format($cmd$CREATE UNIQUE INDEX job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$CREATE INDEX job_i10 ON ${e}.job (name, singleton_key, state DESC, created_on, id) INCLUDE (start_after) WHERE state < 'active' AND NOT blocked AND policy = 'key_strict_fifo'$cmd$, tablename);
    EXECUTE ${e}.job_table_format($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, tablename);
    END IF;

    EXECUTE format('ALTER TABLE ${e}.%I ADD CONSTRAINT cjc CHECK (name=%L)', tablename, queue_name);
    EXECUTE format('ALTER TABLE ${e}.job ATTACH PARTITION ${e}.%I FOR VALUES IN (%L)', tablename, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  `},ds={41:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    BEGIN
    INSERT INTO ${e}.queue (
    name,
    policy,
    retry_limit,
    retry_delay,
    retry_backoff,
    retry_delay_max,
    expire_seconds,
    retention_seconds,
    deletion_seconds,
    warning_queued,
    dead_letter,
    partition,
    table_name,
    heartbeat_seconds
    )
    VALUES (
    queue_name,
    options->>'policy',
    COALESCE((options->>'retryLimit')::int, 2),
    COALESCE((options->>'retryDelay')::int, 0),
    COALESCE((options->>'retryBackoff')::bool, false),
    (options->>'retryDelayMax')::int,
    COALESCE((options->>'expireInSeconds')::int, 900),
    COALESCE((options->>'retentionSeconds')::int, 1209600),
    COALESCE((options->>'deleteAfterSeconds')::int, 604800),
    COALESCE((options->>'warningQueueSize')::int, 0),
    options->>'deadLetter',
    false,
    'job',
    (options->>'heartbeatSeconds')::int
    )
    ON CONFLICT DO NOTHING;
    END;
    $$
    LANGUAGE plpgsql;
  `,42:e=>`
    CREATE OR REPLACE FUNCTION ${e}.create_queue(queue_name text, options jsonb)
    RETURNS VOID AS
    $$
    BEGIN
    INSERT INTO ${e}.queue (
    name,
    policy,
    retry_limit,
    retry_delay,
    retry_backoff,
    retry_delay_max,
    expire_seconds,
    retention_seconds,
    deletion_seconds,
    warning_queued,
    dead_letter,
    partition,
    table_name,
    heartbeat_seconds,
    created_on,
    updated_on
    )
    VALUES (
    queue_name,
    options->>'policy',
    COALESCE((options->>'retryLimit')::int, 2),
    COALESCE((options->>'retryDelay')::int, 0),
    COALESCE((options->>'retryBackoff')::bool, false),
    (options->>'retryDelayMax')::int,
    COALESCE((options->>'expireInSeconds')::int, 900),
    COALESCE((options->>'retentionSeconds')::int, 1209600),
    COALESCE((options->>'deleteAfterSeconds')::int, 604800),
    COALESCE((options->>'warningQueueSize')::int, 0),
    options->>'deadLetter',
    false,
    'job',
    (options->>'heartbeatSeconds')::int,
    ${e}.job_now(),
    ${e}.job_now()
    )
    ON CONFLICT DO NOTHING;
    END;
    $$
    LANGUAGE plpgsql;
  `},fs={35:(e,t)=>t?`
      CREATE TABLE ${e}.queue_stats (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        name text NOT NULL,
        deferred_count int NOT NULL DEFAULT 0,
        queued_count   int NOT NULL DEFAULT 0,
        ready_count    int NOT NULL DEFAULT 0,
        active_count   int NOT NULL DEFAULT 0,
        failed_count   int NOT NULL DEFAULT 0,
        total_count    int NOT NULL DEFAULT 0,
        captured_on timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (id)
      )
    `:`
    CREATE TABLE ${e}.queue_stats (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      name text NOT NULL,
      deferred_count int NOT NULL DEFAULT 0,
      queued_count   int NOT NULL DEFAULT 0,
      ready_count    int NOT NULL DEFAULT 0,
      active_count   int NOT NULL DEFAULT 0,
      failed_count   int NOT NULL DEFAULT 0,
      total_count    int NOT NULL DEFAULT 0,
      captured_on timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (id, captured_on)
    ) PARTITION BY RANGE (captured_on)
  `},ps={35:(e,t)=>{let n=`(name, captured_on DESC)`;return t?`CREATE INDEX queue_stats_i1 ON ${e}.queue_stats ${n}`:`CREATE INDEX queue_stats_i1 ON ${e}.queue_stats ${n} INCLUDE (deferred_count, queued_count, ready_count, active_count, failed_count, total_count)`}},ms={35:e=>`
    DO $$
    DECLARE
      d date;
      i int;
      part_name text;
    BEGIN
      FOR i IN 0..1 LOOP
        d := (now() AT TIME ZONE 'UTC')::date + i;
        part_name := 'queue_stats_' || to_char(d, 'YYYYMMDD');
        IF NOT EXISTS (
          SELECT 1 FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = '${C(e)}' AND c.relname = part_name
        ) THEN
          EXECUTE format(
            'CREATE TABLE ${e}.%I PARTITION OF ${e}.queue_stats FOR VALUES FROM (%L) TO (%L)',
            part_name,
            to_char(d, 'YYYY-MM-DD') || ' 00:00:00+00',
            to_char(d + 1, 'YYYY-MM-DD') || ' 00:00:00+00'
          );
        END IF;
      END LOOP;
    END;
    $$
  `},hs={36:e=>`
    CREATE OR REPLACE FUNCTION ${e}.job_table_format(command text, table_name text)
    RETURNS text AS
    $$
      SELECT format(
        replace(
          replace(command, '.job', '.%1$I'),
          'job_i', '%1$s_i'
        ),
        table_name
      );
    $$
    LANGUAGE sql IMMUTABLE;
  `,37:e=>`
    CREATE OR REPLACE FUNCTION ${e}.job_table_format(command text, table_name text)
    RETURNS text AS
    $$
      SELECT format(
        regexp_replace(
          regexp_replace(command, '\\.job\\y', '.%1$I', 'g'),
          '\\yjob_i(\\d+)', '%1$s_i\\1', 'g'
        ),
        table_name
      );
    $$
    LANGUAGE sql IMMUTABLE;
  `};function gs(e){return _s(e.schema,e.noTablePartitioning,e.noCoveringIndexes,e.noAddColumnBackfill)}function _s(e,t=!1,n=!1,r=!1){return[{release:`11.1.0`,version:26,previous:25,install:[j[26](e),`CREATE UNIQUE INDEX job_i6 ON ${e}.job_common (name, COALESCE(singleton_key, '')) WHERE state <= 'active' AND policy = 'exclusive'`],uninstall:[`DROP INDEX ${e}.job_i6`]},{release:`12.6.0`,version:27,previous:26,install:[`ALTER TABLE ${e}.version ADD COLUMN IF NOT EXISTS bam_on timestamp with time zone`,`
        CREATE TABLE IF NOT EXISTS ${e}.bam (
          id uuid PRIMARY KEY default gen_random_uuid(),
          name text NOT NULL,
          version int NOT NULL,
          status text NOT NULL DEFAULT 'pending',
          queue text,
          table_name text NOT NULL,
          command text NOT NULL,
          error text,
          created_on timestamp with time zone NOT NULL DEFAULT now(),
          started_on timestamp with time zone,
          completed_on timestamp with time zone
        )
        `,`CREATE FUNCTION ${e}.job_table_format(command text, table_name text)
          RETURNS text AS
          $$
            SELECT format(
              replace(
                replace(command, '.job', '.%1$I'),
                'job_i', '%1$s_i'
              ),
              table_name
            );
          $$
          LANGUAGE sql IMMUTABLE;
        `,`
        CREATE OR REPLACE FUNCTION ${e}.job_table_run_async(command_name text, version int, command text, tbl_name text DEFAULT NULL, queue_name text DEFAULT NULL)
        RETURNS VOID AS
        $$
        BEGIN
          IF queue_name IS NOT NULL THEN
            SELECT table_name INTO tbl_name FROM ${e}.queue WHERE name = queue_name;
          END IF;

          IF tbl_name IS NOT NULL THEN
            INSERT INTO ${e}.bam (name, version, status, queue, table_name, command)
            VALUES (
              command_name,
              version,
              'pending',
              queue_name,
              tbl_name,
              ${e}.job_table_format(command, tbl_name)
            );
            RETURN;
          END IF;

          INSERT INTO ${e}.bam (name, version, status, queue, table_name, command)
          SELECT
            command_name,
            version,
            'pending',
            NULL,
            'job_common',
            ${e}.job_table_format(command, 'job_common')
          UNION ALL
          SELECT
            command_name,
            version,
            'pending',
            queue.name,
            queue.table_name,
            ${e}.job_table_format(command, queue.table_name)
          FROM ${e}.queue
          WHERE partition = true;
        END;
        $$
        LANGUAGE plpgsql;
        `,`
        CREATE OR REPLACE FUNCTION ${e}.job_table_run(command text, tbl_name text DEFAULT NULL, queue_name text DEFAULT NULL)
        RETURNS VOID AS
        $$
        DECLARE
          tbl RECORD;
        BEGIN
          IF queue_name IS NOT NULL THEN
            SELECT table_name INTO tbl_name FROM ${e}.queue WHERE name = queue_name;
          END IF;

          IF tbl_name IS NOT NULL THEN
            EXECUTE ${e}.job_table_format(command, tbl_name);
            RETURN;
          END IF;

          EXECUTE ${e}.job_table_format(command, 'job_common');

          FOR tbl IN SELECT table_name FROM ${e}.queue WHERE partition = true
          LOOP
            EXECUTE ${e}.job_table_format(command, tbl.table_name);
          END LOOP;
        END;
        $$
        LANGUAGE plpgsql;
        `,`ALTER TABLE ${e}.job ADD COLUMN IF NOT EXISTS group_id text`,`ALTER TABLE ${e}.job ADD COLUMN IF NOT EXISTS group_tier text`,j[27](e),`ALTER INDEX IF EXISTS ${e}.job_i1 RENAME TO job_common_i1`,`ALTER INDEX IF EXISTS ${e}.job_i2 RENAME TO job_common_i2`,`ALTER INDEX IF EXISTS ${e}.job_i3 RENAME TO job_common_i3`,`ALTER INDEX IF EXISTS ${e}.job_i4 RENAME TO job_common_i4`,`ALTER INDEX IF EXISTS ${e}.job_i5 RENAME TO job_common_i5`,`ALTER INDEX IF EXISTS ${e}.job_i6 RENAME TO job_common_i6`,`ALTER INDEX IF EXISTS ${e}.job_i7 RENAME TO job_common_i7`],async:[`SELECT ${e}.job_table_run_async(
          'group_concurency_index',
          $VERSION$,
          $$
          CREATE INDEX CONCURRENTLY IF NOT EXISTS job_i7 ON ${e}.job (name, group_id) WHERE state = 'active' AND group_id IS NOT NULL
          $$
        )`],uninstall:[`ALTER INDEX ${e}.job_common_i6 RENAME TO job_i6`,`ALTER INDEX ${e}.job_common_i5 RENAME TO job_i5`,`ALTER INDEX ${e}.job_common_i4 RENAME TO job_i4`,`ALTER INDEX ${e}.job_common_i3 RENAME TO job_i3`,`ALTER INDEX ${e}.job_common_i2 RENAME TO job_i2`,`ALTER INDEX ${e}.job_common_i1 RENAME TO job_i1`,`SELECT ${e}.job_table_run('DROP INDEX IF EXISTS ${e}.job_i7')`,j[26](e),`DROP FUNCTION ${e}.job_table_run(text, text, text)`,`DROP FUNCTION ${e}.job_table_run_async(text, int, text, text, text)`,`DROP FUNCTION ${e}.job_table_format(text, text)`,`DROP TABLE ${e}.bam`,`ALTER TABLE ${e}.version DROP COLUMN bam_on`,`ALTER TABLE ${e}.job DROP COLUMN group_tier`,`ALTER TABLE ${e}.job DROP COLUMN group_id`]},{release:`12.10.0`,version:28,previous:27,install:[`SELECT ${e}.job_table_run($cmd$ALTER TABLE ${e}.job ADD CONSTRAINT job_key_strict_fifo_singleton_key_check CHECK (NOT (policy = 'key_strict_fifo' AND singleton_key IS NULL))$cmd$, 'job_common')`,j[28](e)],async:[`SELECT ${e}.job_table_run_async(
          'key_strict_fifo_index',
          $VERSION$,
          $$
          CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS job_i8 ON ${e}.job (name, singleton_key) WHERE state IN ('active', 'retry', 'failed') AND policy = 'key_strict_fifo'
          $$
        , 'job_common')`],uninstall:[`SELECT ${e}.job_table_run('DROP INDEX IF EXISTS ${e}.job_i8')`,`SELECT ${e}.job_table_run('ALTER TABLE ${e}.job DROP CONSTRAINT IF EXISTS job_key_strict_fifo_singleton_key_check')`,j[27](e)]},{release:`12.11.0`,version:29,previous:28,install:[`CREATE TABLE ${e}.warning (
          id uuid PRIMARY KEY default gen_random_uuid(),
          type text NOT NULL,
          message text NOT NULL,
          data jsonb,
          created_on timestamp with time zone NOT NULL DEFAULT now()
        )`,`CREATE INDEX warning_i1 ON ${e}.warning (created_on DESC)`],uninstall:[`DROP INDEX ${e}.warning_i1`,`DROP TABLE ${e}.warning`]},{release:`12.12.0`,version:30,previous:29,install:[`ALTER TABLE ${e}.job ADD COLUMN heartbeat_on timestamp with time zone`,`ALTER TABLE ${e}.job ADD COLUMN heartbeat_seconds int`,`ALTER TABLE ${e}.queue ADD COLUMN heartbeat_seconds int`,j[30](e)],uninstall:[j[28](e),`ALTER TABLE ${e}.queue DROP COLUMN heartbeat_seconds`,`ALTER TABLE ${e}.job DROP COLUMN heartbeat_seconds`,`ALTER TABLE ${e}.job DROP COLUMN heartbeat_on`]},{release:`12.19.0`,version:31,previous:30,install:[`ALTER TABLE ${e}.job ADD COLUMN blocked boolean NOT NULL DEFAULT false`,`ALTER TABLE ${e}.job ADD COLUMN blocking boolean NOT NULL DEFAULT false`,`ALTER TABLE ${e}.job ADD COLUMN pending_dependencies int NOT NULL DEFAULT 0`,`
        CREATE TABLE IF NOT EXISTS ${e}.job_dependency (
          child_name text NOT NULL,
          child_id uuid NOT NULL,
          parent_name text NOT NULL,
          parent_id uuid NOT NULL,
          PRIMARY KEY (child_name, child_id, parent_name, parent_id)
        )
        `,`CREATE INDEX IF NOT EXISTS job_dep_parent_idx ON ${e}.job_dependency (parent_name, parent_id)`,j[31](e)],uninstall:[`DROP INDEX IF EXISTS ${e}.job_dep_parent_idx`,`DROP TABLE IF EXISTS ${e}.job_dependency`,j[30](e),`SELECT ${e}.job_table_run($cmd$DROP INDEX IF EXISTS ${e}.job_i5$cmd$)`,`SELECT ${e}.job_table_run($cmd$CREATE INDEX job_i5 ON ${e}.job (name, start_after) INCLUDE (priority, created_on, id) WHERE state < 'active'$cmd$)`,`ALTER TABLE ${e}.job DROP COLUMN pending_dependencies`,`ALTER TABLE ${e}.job DROP COLUMN blocking`,`ALTER TABLE ${e}.job DROP COLUMN blocked`]},{release:`12.21.0`,version:32,previous:31,install:[`ALTER TABLE ${e}.queue ADD COLUMN notify boolean NOT NULL DEFAULT false`,j[32](e),`ALTER TABLE ${e}.queue ADD COLUMN failed_count int NOT NULL DEFAULT 0`,`ALTER TABLE ${e}.queue ADD COLUMN ready_count int NOT NULL DEFAULT 0`],uninstall:[`ALTER TABLE ${e}.queue DROP COLUMN ready_count`,`ALTER TABLE ${e}.queue DROP COLUMN failed_count`,j[31](e),`ALTER TABLE ${e}.queue DROP COLUMN notify`]},{release:`12.22.0`,version:33,previous:32,install:[`ALTER TABLE ${e}.version ADD COLUMN IF NOT EXISTS flow_on timestamp with time zone`,`ALTER TABLE ${e}.bam ALTER COLUMN created_on SET DEFAULT clock_timestamp()`,j[33](e)],async:[`SELECT ${e}.job_table_run_async(
          'flow_resolver_index',
          $VERSION$,
          $$
          CREATE INDEX CONCURRENTLY IF NOT EXISTS job_i9 ON ${e}.job (name, id) WHERE blocking AND state = 'completed'
          $$
        )`,`SELECT ${e}.job_table_run_async(
          'fetch_index_drop',
          $VERSION$,
          $$
          DROP INDEX CONCURRENTLY IF EXISTS ${e}.job_i5
          $$
        )`,`SELECT ${e}.job_table_run_async(
          'fetch_index',
          $VERSION$,
          $$
          CREATE INDEX CONCURRENTLY IF NOT EXISTS job_i5 ON ${e}.job (name, start_after) WHERE state < 'active' AND NOT blocked
          $$
        )`],uninstall:[j[32](e),`SELECT ${e}.job_table_run($cmd$DROP INDEX IF EXISTS ${e}.job_i5$cmd$)`,`SELECT ${e}.job_table_run($cmd$CREATE INDEX job_i5 ON ${e}.job (name, start_after) INCLUDE (priority, created_on, id) WHERE state < 'active' AND NOT blocked$cmd$)`,`SELECT ${e}.job_table_run($cmd$DROP INDEX IF EXISTS ${e}.job_i9$cmd$)`,`ALTER TABLE ${e}.version DROP COLUMN flow_on`]},{release:`12.23.0`,version:34,previous:33,install:[`ALTER TABLE ${e}.job ADD COLUMN IF NOT EXISTS source_name text`,`ALTER TABLE ${e}.job ADD COLUMN IF NOT EXISTS source_id uuid`,`ALTER TABLE ${e}.job ADD COLUMN IF NOT EXISTS source_created_on timestamp with time zone`,`ALTER TABLE ${e}.job ADD COLUMN IF NOT EXISTS source_retry_count int`],uninstall:[`ALTER TABLE ${e}.job DROP COLUMN source_name`,`ALTER TABLE ${e}.job DROP COLUMN source_id`,`ALTER TABLE ${e}.job DROP COLUMN source_created_on`,`ALTER TABLE ${e}.job DROP COLUMN source_retry_count`]},{release:`12.24.0`,version:35,previous:34,install:[...t?[fs[35](e,!0),ps[35](e,n)]:[fs[35](e,!1),ps[35](e,n),ms[35](e)],`ALTER TABLE ${e}.queue ADD COLUMN ready_history int[] NOT NULL DEFAULT '{}'`],uninstall:[`ALTER TABLE ${e}.queue DROP COLUMN ready_history`,`DROP TABLE IF EXISTS ${e}.queue_stats`]},{release:`12.24.1`,version:36,previous:35,install:[`ALTER TABLE ${e}.bam ALTER COLUMN created_on SET DEFAULT clock_timestamp()`],uninstall:[]},{release:`12.26.0`,version:37,previous:36,install:t?[]:[hs[37](e)],uninstall:t?[]:[hs[36](e)]},{release:`12.28.0`,version:38,previous:37,install:t?[]:[j[38](e)],async:t?[{name:`key_strict_fifo_head_index`,table:`job`,command:`CREATE INDEX CONCURRENTLY IF NOT EXISTS job_i10 ON ${e}.job (name, singleton_key, state DESC, created_on, id)${n?``:` INCLUDE (start_after)`} WHERE state < 'active' AND NOT blocked AND policy = 'key_strict_fifo'`}]:[{name:`key_strict_fifo_head_index`,partitionPolicy:`key_strict_fifo`,command:`CREATE INDEX CONCURRENTLY IF NOT EXISTS job_i10 ON ${e}.job (name, singleton_key, state DESC, created_on, id) INCLUDE (start_after) WHERE state < 'active' AND NOT blocked AND policy = 'key_strict_fifo'`}],uninstall:t?[`DROP INDEX IF EXISTS ${e}.job_i10`]:[j[33](e),`SELECT ${e}.job_table_run($cmd$DROP INDEX IF EXISTS ${e}.job_i10$cmd$)`]},{release:`12.29.0`,version:39,previous:38,install:[`ALTER TABLE ${e}.version ADD COLUMN IF NOT EXISTS reindex_on timestamp with time zone`],uninstall:[`ALTER TABLE ${e}.version DROP COLUMN reindex_on`]},{release:`12.30.0`,version:40,previous:39,install:[`ALTER TABLE ${e}.version ADD COLUMN IF NOT EXISTS monitor_backoff_on timestamp with time zone`,`ALTER TABLE ${e}.queue ADD COLUMN IF NOT EXISTS monitor_claim_on timestamp with time zone`,...r?[]:[`UPDATE ${e}.queue SET monitor_claim_on = monitor_on WHERE monitor_claim_on IS NULL`],...t?[]:[j[40](e)]],async:[{name:`fetch_index_priority_build`,command:`CREATE INDEX CONCURRENTLY IF NOT EXISTS job_i11 ON ${e}.job (name, priority DESC, created_on, start_after) WHERE state < 'active' AND NOT blocked`},{name:`fetch_index_retire`,command:`DROP INDEX CONCURRENTLY IF EXISTS ${e}.job_i5`}].map(e=>t?{...e,table:`job`}:e),uninstall:[...t?[`CREATE INDEX IF NOT EXISTS job_i5 ON ${e}.job (name, start_after) WHERE state < 'active' AND NOT blocked`,`DROP INDEX IF EXISTS ${e}.job_i11`]:[j[38](e),`SELECT ${e}.job_table_run($cmd$CREATE INDEX IF NOT EXISTS job_i5 ON ${e}.job (name, start_after) WHERE state < 'active' AND NOT blocked$cmd$)`,`SELECT ${e}.job_table_run($cmd$DROP INDEX IF EXISTS ${e}.job_i11$cmd$)`],`ALTER TABLE ${e}.queue DROP COLUMN monitor_claim_on`,`ALTER TABLE ${e}.version DROP COLUMN monitor_backoff_on`]},{release:`12.31.0`,version:41,previous:40,install:[`ALTER TABLE ${e}.schedule ADD COLUMN IF NOT EXISTS kind text NOT NULL DEFAULT 'cron' CHECK (kind IN ('cron', 'rrule'))`,...r?[]:[`UPDATE ${e}.schedule SET kind = 'rrule'
              WHERE kind = 'cron'
                AND (cron ~* '(^|[[:space:]]|;)FREQ=' OR cron ~* '(^|[[:space:]])(DTSTART|RRULE|RDATE|EXDATE)[;:]')`],`UPDATE ${e}.schedule SET timezone = 'UTC' WHERE timezone IS NULL`,`ALTER TABLE ${e}.schedule ALTER COLUMN timezone SET DEFAULT 'UTC'`,`ALTER TABLE ${e}.schedule ADD COLUMN IF NOT EXISTS last_job_id uuid`],uninstall:[`ALTER TABLE ${e}.schedule DROP COLUMN kind`,`ALTER TABLE ${e}.schedule DROP COLUMN last_job_id`]},{release:`12.33.0`,version:42,previous:41,install:[`CREATE OR REPLACE FUNCTION ${e}.job_now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
      SELECT pg_catalog.now();
    $function$
`,t?ds[42](e):j[42](e)],uninstall:[t?ds[41](e):j[40](e),`DROP FUNCTION ${e}.job_now()`]},{release:`12.35.0`,version:43,previous:42,install:[`ALTER TABLE ${e}.queue
          ADD COLUMN created_delta int NOT NULL DEFAULT 0,
          ADD COLUMN completed_delta int NOT NULL DEFAULT 0,
          ADD COLUMN failed_delta int NOT NULL DEFAULT 0,
          ADD COLUMN delta_on timestamp with time zone,
          ADD COLUMN delta_seconds int`,`ALTER TABLE ${e}.queue_stats
          ADD COLUMN created_delta int,
          ADD COLUMN completed_delta int,
          ADD COLUMN failed_delta int,
          ADD COLUMN delta_seconds int,
          ADD COLUMN delta_on timestamp with time zone`,`ALTER TABLE ${e}.job
          ADD COLUMN IF NOT EXISTS source_output jsonb,
          ADD COLUMN IF NOT EXISTS source_root_id uuid`,...t?[]:[j[43](e)]],async:[{name:`source_root_index_build`,...t?{table:`job`}:{},command:`CREATE INDEX CONCURRENTLY IF NOT EXISTS job_i12 ON ${e}.job (source_root_id) WHERE source_root_id IS NOT NULL`}],uninstall:[...t?[`DROP INDEX IF EXISTS ${e}.job_i12`]:[j[42](e),`SELECT ${e}.job_table_run($cmd$DROP INDEX IF EXISTS ${e}.job_i12$cmd$)`],`ALTER TABLE ${e}.queue
          DROP COLUMN created_delta,
          DROP COLUMN completed_delta,
          DROP COLUMN failed_delta,
          DROP COLUMN delta_on,
          DROP COLUMN delta_seconds`,`ALTER TABLE ${e}.queue_stats
          DROP COLUMN created_delta,
          DROP COLUMN completed_delta,
          DROP COLUMN failed_delta,
          DROP COLUMN delta_seconds,
          DROP COLUMN delta_on`,`ALTER TABLE ${e}.job
          DROP COLUMN source_output,
          DROP COLUMN source_root_id`]},{release:`12.36.0`,version:44,previous:43,install:[`CREATE TABLE ${e}.instance (
          id uuid PRIMARY KEY,
          name text,
          host text NOT NULL,
          pid int NOT NULL,
          version text NOT NULL,
          node_version text NOT NULL,
          application_name text,
          heartbeat_seconds int NOT NULL,
          supervise bool NOT NULL,
          schedule bool NOT NULL,
          migrate bool NOT NULL,
          persist_queue_stats bool NOT NULL,
          persist_warnings bool NOT NULL,
          pool_max int,
          pool_total int,
          pool_idle int,
          pool_waiting int,
          workers jsonb NOT NULL DEFAULT '[]'::jsonb,
          metrics jsonb,
          config jsonb NOT NULL DEFAULT '{}'::jsonb,
          crash_restarts int NOT NULL DEFAULT 0,
          crash_restarts_since timestamptz,
          started_on timestamptz NOT NULL DEFAULT now(),
          heartbeat_on timestamptz NOT NULL DEFAULT now(),
          stopped_on timestamptz
        )`,`ALTER TABLE ${e}.queue
          ADD COLUMN blocked_count int NOT NULL DEFAULT 0,
          ADD COLUMN wait_bins int[],
          ADD COLUMN run_bins int[],
          ADD COLUMN ready_oldest_seconds int`,`ALTER TABLE ${e}.queue_stats
          ADD COLUMN wait_bins int[],
          ADD COLUMN run_bins int[],
          ADD COLUMN ready_oldest_seconds int`,`ALTER TABLE ${e}.job ADD COLUMN IF NOT EXISTS trace_context jsonb`],uninstall:[`DROP TABLE ${e}.instance`,`ALTER TABLE ${e}.queue
          DROP COLUMN blocked_count,
          DROP COLUMN wait_bins,
          DROP COLUMN run_bins,
          DROP COLUMN ready_oldest_seconds`,`ALTER TABLE ${e}.queue_stats
          DROP COLUMN wait_bins,
          DROP COLUMN run_bins,
          DROP COLUMN ready_oldest_seconds`,`ALTER TABLE ${e}.job DROP COLUMN trace_context`]},{release:`12.37.0`,version:45,previous:44,install:[`ALTER TABLE ${e}.job ADD COLUMN IF NOT EXISTS upsert_by_key bool`,t?`CREATE UNIQUE INDEX job_i13 ON ${e}.job (name, singleton_key) WHERE state = 'created' AND upsert_by_key`:j[45](e)],async:t?[]:[{name:`upsert_index_build`,command:`CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS job_i13 ON ${e}.job (name, singleton_key) WHERE state = 'created' AND upsert_by_key`}],uninstall:[...t?[`DROP INDEX IF EXISTS ${e}.job_i13 CASCADE`]:[j[43](e),`SELECT ${e}.job_table_run($cmd$DROP INDEX IF EXISTS ${e}.job_i13$cmd$)`],`ALTER TABLE ${e}.job DROP COLUMN upsert_by_key`]},{release:`12.38.0`,version:46,previous:45,install:[`ALTER TABLE ${e}.queue ADD COLUMN IF NOT EXISTS retained_count int, ADD COLUMN IF NOT EXISTS retained_on timestamp with time zone`,...t?[]:[j[46](e)]],async:[{name:`live_index_build`,command:`CREATE INDEX CONCURRENTLY IF NOT EXISTS job_i14 ON ${e}.job (name, state, blocked, start_after) WHERE state IN ('created', 'retry', 'active', 'failed')`},{name:`created_index_build`,command:`CREATE INDEX CONCURRENTLY IF NOT EXISTS job_i15 ON ${e}.job (name, created_on)`},{name:`completed_index_build`,command:`CREATE INDEX CONCURRENTLY IF NOT EXISTS job_i16 ON ${e}.job (name, completed_on) WHERE completed_on IS NOT NULL`},{name:`queued_key_index_build`,command:`CREATE INDEX CONCURRENTLY IF NOT EXISTS job_i17 ON ${e}.job (name, singleton_key, created_on) WHERE state < 'active' AND singleton_key IS NOT NULL`}].map(e=>t?{...e,table:`job`}:e).concat(t?[{name:`queue_stats_retention_index_build`,table:`queue_stats`,command:`CREATE INDEX CONCURRENTLY IF NOT EXISTS queue_stats_i2 ON ${e}.queue_stats (captured_on, id)`}]:[]),uninstall:[...t?[`DROP INDEX IF EXISTS ${e}.queue_stats_i2`,`DROP INDEX IF EXISTS ${e}.job_i17`,`DROP INDEX IF EXISTS ${e}.job_i16`,`DROP INDEX IF EXISTS ${e}.job_i15`,`DROP INDEX IF EXISTS ${e}.job_i14`]:[j[45](e),`SELECT ${e}.job_table_run($cmd$DROP INDEX IF EXISTS ${e}.job_i17$cmd$)`,`SELECT ${e}.job_table_run($cmd$DROP INDEX IF EXISTS ${e}.job_i16$cmd$)`,`SELECT ${e}.job_table_run($cmd$DROP INDEX IF EXISTS ${e}.job_i15$cmd$)`,`SELECT ${e}.job_table_run($cmd$DROP INDEX IF EXISTS ${e}.job_i14$cmd$)`],`ALTER TABLE ${e}.queue DROP COLUMN retained_on, DROP COLUMN retained_count`]}]}var vs=`12.38.0`;const ys={schema:46}.schema,bs=/^[a-z_][a-z0-9_]*$/;function xs(e,t){return Eo(t?{schema:e,backend:t}:{schema:e})}async function Ss(e,t){if(!t.inlineTableIndexes)return t;let{rows:n}=await e.executeSql(`SELECT version() AS version`);return/cockroachdb/i.test(String(n[0]?.version??``))?t:{...t,inlineTableIndexes:!1}}var Cs=class{static constructionPlans(e=Ve,t={}){let{createSchema:n=!0,backend:r}=t,i=xs(e,r);return Je(e,ys,{createSchema:n,noTablePartitioning:i.noTablePartitioning,noDeferrableConstraints:i.noDeferrableConstraints,noAdvisoryLocks:i.noAdvisoryLocks,noCoveringIndexes:i.noCoveringIndexes,inlineTableIndexes:i.inlineTableIndexes})}static migrationPlans(e=Ve,t=ys-1,n={}){let r=xs(e,n.backend);return us(e,t,gs(r),r.noAdvisoryLocks,{inlineAsync:!0,partitionTables:n.partitionTables})}static uninstallPlans(e=Ve,t={}){return Fa(e,!xs(e,t.backend).noTablePartitioning)}static rollbackPlans(e=Ve,t=ys,n={}){let r=xs(e,n.backend);return ss(e,t,gs(r),r.noAdvisoryLocks)}config;db;migrations;constructor(e,t){for(let e of ao)g(typeof t[e]==`boolean`,`contractor assert: config was not resolved (${e} is ${typeof t[e]}). Pass a config from attorney.getConfig().`);this.config=t,this.db=e,this.migrations=this.config.migrations||gs(this.config)}async schemaVersion(){let e=await this.db.executeSql(or(this.config.schema));return e.rows.length?parseInt(e.rows[0].version):null}async isInstalled(){return!!(await this.db.executeSql(cr(this.config.schema))).rows[0].name}async start(){if(await this.isInstalled()){let e=await this.schemaVersion();e!==null&&ys>e&&await this.migrate(e)}else await this.assertNoSchemaCaseVariant(),await this.create()}async assertNoSchemaCaseVariant(){if(this.config.allowSchemaCaseVariant)return;let e=this.config.schema,t;try{t=(await this.db.executeSql(lr(e))).rows.map(e=>e.name)}catch{return}if(t.length===0)return;let n=t.map(e=>bs.test(e)?`'${e}'`:`'"${e}"'`);throw Error(`pg-boss is not installed in schema ${e}, but is installed in ${t.map(e=>`"${e}"`).join(`, `)}, which differs only in case. PostgreSQL folds unquoted names to lower case and stores quoted names verbatim, so these are different schemas. To use the existing installation, set schema: ${n.join(` or `)}. To install a new schema beside it anyway, set allowSchemaCaseVariant: true.`)}async detectDrift(e={}){let t=this.config.schema,n=!!(await this.db.executeSql(Ta(t))).rows[0].name,r=n?(await this.db.executeSql(Ea(t))).rows:[],i=(await this.db.executeSql(Ee(t))).rows.map(e=>({name:e.name,table:e.table,valid:e.valid,def:e.def,constraintBacked:e.constraintBacked})),a=[];try{a=(await this.db.executeSql(Da(t))).rows.map(e=>e.command)}catch{a=[]}let o=[],s=!0;try{o=(await this.db.executeSql(De(t))).rows.map(e=>({name:e.name,def:e.def}))}catch{s=!1}let c=[];try{c=(await this.db.executeSql(Oe(t))).rows.map(e=>e.label)}catch{c=[]}let l=null;try{l=(await this.db.executeSql(Ae(t))).rows.map(e=>e.table)}catch{l=null}let u=[];try{u=(await this.db.executeSql(ke(t))).rows.map(e=>({table:e.table,column:e.column,default:e.default,type:e.type,notNull:e.notNull}))}catch{u=[]}let d=[];try{d=(await this.db.executeSql(je(t))).rows.map(e=>({table:e.table,def:e.def}))}catch{d=[]}let f=new Set(a.map(Oa).filter(e=>e!==null)),p=this.config.backend!==`cockroachdb`,m=Ra(t,n,r).map(e=>p?e:{table:e.table,columns:e.columns});return Ie({indexes:{expected:Va(t,n,r).map(e=>this.config.noCoveringIndexes?{...e,include:``}:e),live:i,building:f,presenceOnly:!p},tables:{expected:La(t,n,r),live:l??[...new Set(u.map(e=>e.table))]},functions:s?{expected:Ba(t,n,e),live:o,presenceOnly:!p}:void 0,columns:{expected:m,live:u},constraints:p?{expected:za(t,n),live:d}:void 0,enum:{name:`job_state`,expected:Ia,actual:c}})}async detectClockOverride(){try{return rt((await this.db.executeSql(nt(this.config.schema))).rows[0]?.source)}catch{return!1}}async restoreClockFunction(){await this.db.executeSql(it(this.config.schema))}async check(){if(!await this.isInstalled())throw Error(`pg-boss is not installed`);let e=await this.schemaVersion();if(ys!==e)throw Error(`pg-boss database requires migrations`)}async create(){try{let e=Je(this.config.schema,ys,await Ss(this.db,this.config));await this.db.executeSql(e)}catch(e){g(e.message.includes(`already exists`),e)}}async migrate(e){try{let t=us(this.config.schema,e,this.migrations,this.config.noAdvisoryLocks);await this.db.executeSql(t)}catch(e){g(e.message.includes(`division by zero`),e)}}async next(e){let t=cs(this.config.schema,e,this.migrations,this.config.noAdvisoryLocks);await this.db.executeSql(t)}async rollback(e){let t=ss(this.config.schema,e,this.migrations,this.config.noAdvisoryLocks);await this.db.executeSql(t)}};const ws=[Error,EvalError,RangeError,ReferenceError,SyntaxError,TypeError,URIError,AggregateError,globalThis.DOMException,globalThis.AssertionError,globalThis.SystemError].filter(Boolean).map(e=>[e.name,e]),Ts=new Map(ws),Es=/* @__PURE__ */ new Map,Ds=e=>e instanceof Error||(Error.isError?.(e)??Object.prototype.toString.call(e)===`[object Error]`),Os=[{property:`name`,enumerable:!1},{property:`message`,enumerable:!1},{property:`stack`,enumerable:!1},{property:`code`,enumerable:!0},{property:`cause`,enumerable:!1},{property:`errors`,enumerable:!1}],ks=/* @__PURE__ */ new WeakSet,As=e=>{ks.add(e);try{return e.toJSON()}finally{ks.delete(e)}},js=(e,t,n)=>{try{e[t]=n}catch{}},Ms=new Set(Os.map(({property:e})=>e)),Ns=t=>{if(t===`NonError`)return new e;let n=Es.get(t);if(n)return n();let r=Ts.get(t)??Error;return r===AggregateError?new r([]):new r},Ps=Symbol(`skip`),Fs=(e,t,n)=>e&&e instanceof Uint8Array&&e.constructor?.name===`Buffer`?t.serialize?`[object Buffer]`:e:typeof e==`object`&&e&&typeof e.pipe==`function`&&typeof e.on==`function`?t.serialize?`[object Stream]`:e:typeof e==`function`?t.serialize?Ps:e:t.serialize&&typeof e==`bigint`?`${e}n`:!e||typeof e!=`object`?e:t.seen.has(e)?`[Circular]`:Vs({...t,from:e,to:void 0,depth:n}),Is=(e,t)=>Array.isArray(e)?[]:!t&&Us(e)?Ns(e.name):{},Ls=(e,t)=>Object.getOwnPropertyDescriptor(e,t)?.configurable!==!1,Rs=Symbol(`unreadable`),zs=(e,t)=>{try{return e[t]}catch{return Rs}},Bs=(e,t,n)=>n==null&&!Object.hasOwn(e,t),Vs=e=>{let{from:t,seen:n,forceEnumerable:r,maxDepth:i,depth:a,useToJSON:o,serialize:s}=e,c=e.to??Is(t,s);if(n.add(t),a>=i)return n.delete(t),c;if(o&&typeof t.toJSON==`function`&&!ks.has(t)){let e=As(t);if(e!==t)return n.delete(t),e}let l=s||Ds(c);if(l)for(let{property:n,enumerable:i}of Os){let o=zs(t,n);if(o===Rs||Bs(t,n,o))continue;let s=Fs(o,e,a+1);s!==Ps&&(Ls(c,n)?Object.defineProperty(c,n,{value:s,enumerable:r||i,configurable:!0,writable:!0}):js(c,n,s))}for(let n of Object.keys(t)){if(n===`__proto__`||l&&Ms.has(n))continue;let r=Fs(t[n],e,a+1);r!==Ps&&js(c,n,r)}return n.delete(t),c};function Hs(t,n={}){let{maxDepth:r=1/0,useToJSON:i=!0}=n;return typeof t==`object`&&t||(t=new e(typeof t==`function`?`<Function>`:t)),Vs({from:t,seen:/* @__PURE__ */ new Set,forceEnumerable:!0,maxDepth:r,depth:0,useToJSON:i,serialize:!0})}function Us(e){return!!e&&typeof e==`object`&&typeof zs(e,`name`)==`string`&&typeof zs(e,`message`)==`string`&&typeof zs(e,`stack`)==`string`}const Ws=/* @__PURE__ */ new WeakMap;function Gs(e){return Ws.get(e)??e}function Ks(e){let t=0,n=0,r=[],i=e=>async(...i)=>{t++,n++;try{return await e(...i)}finally{if(t--,t===0){let e=r;r=[];for(let t of e)t()}}},a=(e,t)=>new Proxy(e,{get(e,n){if(Object.hasOwn(t,n))return t[n];let r=Reflect.get(e,n);return typeof r==`function`?r.bind(e):r},set(e,n,r){return Object.hasOwn(t,n)?(t[n]=r,!0):Reflect.set(e,n,r)}}),o=e=>{let t={executeSql:i((...t)=>e.executeSql(...t))};typeof e.beginTransaction==`function`&&(t.beginTransaction=i(async()=>s(await e.beginTransaction())));let n=e.withTransaction;typeof n==`function`&&(t.withTransaction=i(t=>n.call(e,t)));let r=a(e,t);return Ws.set(r,e),r},s=e=>a(e,{db:o(e.db),commit:i(()=>e.commit()),rollback:i(()=>e.rollback())});async function c(){let e=!1;for(;;){if(t>0){e=!0,await new Promise(e=>r.push(e));continue}let i=n;if(await te(),t===0&&n===i)return e;e=!0}}return{db:o(e),idle:c}}const qs=5e3;var Js=class extends h{pool;config;clock;sessionStatements=[];_pgbdb;opened;constructor(e){super(),this.clock=e.clock??ro,e.application_name=e.application_name||`pgboss`,e.connectionTimeoutMillis??=1e4,this.config=e,this._pgbdb=!0,this.opened=!1}events={error:`error`};async open(){this.pool=new t.Pool(this.config),this.pool.on(`error`,e=>this.emit(`error`,e)),this.pool.on(`connect`,e=>{for(let t of this.sessionStatements)e.query(t).catch(e=>this.emit(`error`,e))}),this.opened=!0}async close(){this.pool.ending||(this.opened=!1,await this.pool.end())}poolCounts(){return this.opened?{max:this.pool.options.max??10,total:this.pool.totalCount,idle:this.pool.idleCount,waiting:this.pool.waitingCount}:null}async setSessionStatements(e){if(!this.opened||e.length===0){this.sessionStatements=e;return}g(this.pool.idleCount===this.pool.totalCount&&this.pool.waitingCount===0,`configuration assert: setSessionStatements cannot reach connections that are already checked out - call it before open(), or while the pool is idle`),this.sessionStatements=e;let t=await Promise.all(Array.from({length:this.pool.totalCount},async()=>await this.pool.connect()));try{await Promise.all(t.map(async t=>{for(let n of e)await t.query(n)}))}finally{for(let e of t)e.release()}}async executeSql(e,t,{signal:n,retire:r}={}){if(g(this.opened,`Database not opened. Call start() before using pg-boss, or again after stop().`),n||r){n?.throwIfAborted(),r?.throwIfAborted();let i=await this.pool.connect();(n?.aborted||r?.aborted)&&(i.release(),n?.throwIfAborted(),r?.throwIfAborted());let a=!1,o=()=>{a=!0,i.release(/* @__PURE__ */ Error(`connection dropped by stop()`))};n?.addEventListener(`abort`,o,{once:!0});let s=!1,c=()=>{s=!0};i.on(`error`,c);try{return await i.query(e,t)}catch(e){throw s=!0,e}finally{n?.removeEventListener(`abort`,o),i.removeListener(`error`,c),a||i.release(s||r?.aborted)}}return await this.pool.query(e,t)}async listen(e,n,r){g(this.opened,`Database not opened. Call start() before using pg-boss, or again after stop().`);let i=!1,a=null,o=null,s=null,c=0,l=this.config.notifyHeartbeatIntervalMs??1e4,u=this.config.notifyHeartbeatTimeoutMs??5e3,d=this.config.notifyKeepAliveInitialDelayMs??1e4,f=!1,p=()=>{s&&=(this.clock.clearTimeout(s),null)},m=()=>{if(i||o)return;let e=Math.min(3e4,1e3*2**Math.min(c,5));c++,o=this.clock.setTimeout(()=>{o=null,y().catch(()=>m())},e)},h=(e,t)=>{i||a!==e||(p(),a=null,e.removeAllListeners(),e.end().catch(()=>{}),this.emit(`error`,t),f&&m())},_=e=>{i||a!==e||(s=this.clock.setTimeout(()=>{s=null,v(e).catch(t=>h(e,t))},l))},v=async t=>{if(i||a!==t)return;let n=null,r=t.query(`SELECT EXISTS (
           SELECT 1
             FROM pg_listening_channels() AS active(channel)
            WHERE channel = $1
         ) AS listening`,[e]);r.catch(()=>{});try{if(!(await Promise.race([r,new Promise((e,t)=>{n=this.clock.setTimeout(()=>t(/* @__PURE__ */ Error(`LISTEN/NOTIFY heartbeat timed out`)),u)})])).rows[0]?.listening)throw Error(`LISTEN/NOTIFY channel registration was lost`)}finally{n&&this.clock.clearTimeout(n)}_(t)},y=async()=>{if(i)return;let o=new t.Client({...this.config,keepAlive:!0,keepAliveInitialDelayMillis:d});o.on(`error`,e=>{h(o,e)}),o.on(`end`,()=>h(o,/* @__PURE__ */ Error(`LISTEN/NOTIFY connection ended`))),o.on(`notification`,e=>{e.payload!==void 0&&n(e.payload)}),a=o;try{await o.connect(),await o.query(`LISTEN "${e}"`)}catch(e){throw o.removeAllListeners(),await o.end().catch(()=>{}),a===o&&(a=null),e}c=0,f=!0,_(o),r()};return await y(),{close:async()=>{i=!0,o&&=(this.clock.clearTimeout(o),null),p(),a&&=(a.removeAllListeners(),await a.end().catch(()=>{}),null)}}}async beginTransaction(){g(this.opened,`Database not opened. Call start() before using pg-boss, or again after stop().`);let e=await this.pool.connect(),t=!1,n=null,r=e=>{n??=e,i(e)},i=n=>{t||(t=!0,e.removeListener(`error`,r),e.release(n))},a=()=>n??/* @__PURE__ */ Error(`Transaction is already settled`);e.on(`error`,r);try{await e.query(`BEGIN`)}catch(e){throw i(e),e}return{db:{executeSql:(n,r)=>t?Promise.reject(a()):e.query(n,r)},commit:async()=>{if(t)throw a();try{await e.query(`COMMIT`)}catch(e){throw i(e),e}i()},rollback:async()=>{if(t)return;let n=e.query(`ROLLBACK`),r=S(qs,`ROLLBACK did not complete in time`);try{await Promise.race([n,r]),i()}catch(e){i(e)}finally{r.abort()}}}}async withTransaction(e){let t=await this.beginTransaction();try{let n=await e(t.db);return await t.commit(),n}catch(e){throw await t.rollback(),e}}};function Ys(e){return e.reduce((e,t)=>e+t,0)}function Xs(e,t){if(g(typeof t==`number`&&t>=1&&t<=100,`percentile: p must be a percent from 1 to 100, such as 95`),!e)return null;let n=Ys(e);if(n===0)return null;let r=t/100*n,i=0,a=0;for(;i<e.length-1&&!(e[i]>0&&a+e[i]>=r);)a+=e[i++];if(i===0)return zi;let o=zi*Math.SQRT2**(i-1);return i===e.length-1?o:o*Math.SQRT2**((r-a)/e[i])}var Zs=n(),Qs=class{#e;#t;#n;#r;#i=0;#a=!0;#o=!1;constructor(e,t,n){this.#e=e,this.#t=t*1e3,this.#n=n}start(){this.#a&&(this.#a=!1,this.#s())}stop(){this.#a=!0,this.#l()}anchor(e=this.#t){this.#a||(this.#o=!0,this.#s(e))}#s(e=this.#t){this.#l(),this.#a||(this.#i=this.#e.now()+e,this.#c(e))}#c(e){this.#r=this.#e.setTimeout(()=>{let e=this.#i-this.#e.now();e>0?this.#c(e):this.#u()},e)}#l(){this.#r!==void 0&&(this.#e.clearTimeout(this.#r),this.#r=void 0)}async#u(){this.#r=void 0,this.#o=!1;try{await this.#n()}finally{this.#o||this.#s()}}};const $s=(e,t)=>`Non-positive ${e}: ${t}`,ec=(e,t)=>`Non-finite ${e}: ${t}`,tc=e=>`Cannot convert bigint to ${e}`,nc=(e,t,n,r)=>rc(e,t)+`; must be between ${n}-${r}`,rc=(e,t)=>`Invalid ${e}: ${t}`;function ic(e){return e===void 0?Object.create(null):dc(e)}function ac(e,t=`number`){if(typeof e==`bigint`)throw TypeError(tc(t));if(e=Number(e),!Number.isFinite(e))throw RangeError(ec(t,e));return e}function oc(e,t){return Math.trunc(ac(e,t))||0}function sc(e,t){return cc(oc(e,t),t)}function cc(e,t=`number`){if(e<=0)throw RangeError($s(t,e));return e}function lc(e,t,n){return Math.min(Math.max(e,t),n)}function uc(e){return e!==null&&(typeof e==`object`||typeof e==`function`)}function dc(e){if(!uc(e))throw TypeError(`Invalid object`);return e}const fc=rc,pc=e=>`Missing ${e}`,mc=e=>`No valid fields: `+e.join(),hc=(e,t,n)=>rc(e,t)+`; must be `+Object.keys(n).join(),gc=e=>`Missing year`+(e?`/era/eraYear`:``),_c=`Invalid leap month`,vc=e=>rc(`Calendar`,e),yc=e=>rc(`TimeZone`,e),bc=e=>`Cannot parse: ${e}`,xc=e=>`Invalid substring: ${e}`,Sc=lc,Cc=uc;function M(e){throw RangeError(e)}function N(e){throw TypeError(e)}function wc(e,t,n,r,i){return Tc(t,((e,t)=>{let n=e[t];return n===void 0&&N(pc(t)),n})(e,t),n,r,i)}function Tc(e,t,n,r,i,a){let o=Sc(t,n,r);return i&&t!==o&&M(((e,t,n,r,i)=>i?nc(e,i[t],i[n],i[r]):nc(e,t,n,r))(e,t,n,r,a)),o}function Ec(e,t=Map){let n=new t;return(t,...r)=>{if(n.has(t))return n.get(t);let i=e(t,...r);return n.set(t,i),i}}const Dc=e=>Oc({name:e},1),Oc=(e,t)=>Ac(e=>({value:e,configurable:1,writable:!t}),e),kc=e=>({[Symbol.toStringTag]:{value:e,configurable:1}});function Ac(e,t){let n={};for(let r in t)n[r]=e(t[r],r);return n}function jc(e,t){let n={};for(let r of e)n[r]=t;return n}function Mc(e){let t={};for(let n of e)t[n]=e=>e[n];return t}function Nc(e,t,n=Object.create(null)){for(let r of e)n[r]=t[r];return n}function Pc(e,t,n){for(let r of e)if(t[r]!==n[r])return 0;return 1}function Fc(e,t,n){let r={...n};for(let n=0;n<t;n++)r[e[n]]=0;return r}function P(e,...t){return(...n)=>e(...t,...n)}function Ic(){}function Lc(e){return e[0].toUpperCase()+e.substring(1)}function F(...e){return[].concat(...e).sort()}function Rc(e){return RegExp(`^${e}$`,`i`)}function zc(e){return parseInt(e.padEnd(9,`0`))}function Bc(e){return e&&e!==`+`?-1:1}function Vc(e){return e===void 0?0:parseInt(e)}function Hc(e,t){return String(t).padStart(e,`0`)}const Uc=P(Hc,2);function I(e,t){return Math.sign(e-t)}function L(e,t){return e<t?-1:+(e>t)}function Wc(e,t){let n=e/t;return e%t<0n?n-1n:n}function Gc(e,t){let n=Wc(e,t);return[n,e-n*t]}function Kc(e,t){return[Math.floor(e/t),qc(e,t)]}function qc(e,t){return(e%t+t)%t}function Jc(e,t){return Math.trunc(e/t)||0}function Yc(e,t){return e%t||0}function Xc(e,t=1){return t*(.5+e/5)}function Zc(e){return Math.abs(e%1)===.5}const Qc={bce:-1,ce:0};function $c(e){let t=e.normalize(`NFD`).toLowerCase().replace(/[^a-z0-9]/g,``);return t===`bc`||t===`b`?`bce`:t===`ad`||t===`a`?`ce`:t}function el(e){return e===void 0?`iso8601`:e===0?`gregory`:e.id}const tl=/^M(\d{2})(L?)$/;function nl(e){let t=tl.exec(e);return t||M((e=>`Invalid monthCode: ${e}`)(e)),[parseInt(t[1]),!!t[2]]}function rl(e,t){return`M`+Uc(e)+(t?`L`:``)}function il(e,t,n){return e+(t||n&&e>=n?1:0)}function al(e,t){return e-(t&&e>=t?1:0)}const ol={nanosecond:0,microsecond:1,millisecond:2,second:3,minute:4,hour:5,day:6,week:7,month:8,year:9},sl=Object.keys(ol),cl=864e5,ll=1e3,ul=1e6,dl=1e9,fl=6e10,pl=36e11,ml=864e11,hl=[1,ll,ul,dl,fl,pl,ml],gl=BigInt(ll),_l=BigInt(ul),vl=BigInt(dl),yl=BigInt(fl),bl=BigInt(pl),R=BigInt(ml);function xl(e,t){let n=Number(e/R),r=Number(e%R);return ml/t*n+(Math.trunc(r/t)+r%t/t)}const Sl=sl.slice(0,6),Cl=Mc(Sl),wl=[`year`],Tl=[`day`],El=[`day`,`month`,`year`],Dl=[`offset`],Ol=[`timeZone`],kl=[`era`,`eraYear`],Al=[`era`,`eraYear`,`year`],jl=[`month`,`monthCode`],Ml=[`day`,`month`,`monthCode`],Nl=F(Sl),Pl=F(kl,wl),Fl=F(jl,wl),Il=F(kl,Fl),Ll=F([`monthCode`],wl),Rl=F(kl,Ll),zl=F(Tl,[`monthCode`]),Bl=F(Tl,Fl),Vl=F(Tl,kl,Fl),Hl=F(Bl,Sl),Ul=F(Vl,Sl),Wl=F(Bl,Sl,Dl),Gl=F(Vl,Sl,Dl),Kl=F(Bl,Sl,Dl,Ol),ql=F(Vl,Sl,Dl,Ol),Jl=F(Tl,Ll),Yl=F(Tl,kl,Ll),Xl=jc(Sl,0);function Zl(e){return $l(e,1),e}const Ql={hour:23,minute:59,second:59};function $l(e,t){let n={};for(let r of Sl)n[r]=Tc(r,e[r],0,Ql[r]||999,t);return n}function eu(e){return nu(e)*dl+ru(e)}function tu(e){return 1e3*nu(e)+e.millisecond}function nu(e){return 3600*e.hour+60*e.minute+e.second}function ru(e){return e.millisecond*ul+e.microsecond*ll+e.nanosecond}function iu(e){let[t,n]=Kc(e,ml);return[au(n),t]}function au(e){let[t,n]=Kc(e,ul),[r,i]=Kc(n,ll);return ou(t,r,i)}function ou(e,t=0,n=0){let[r,i]=Kc(e,36e5),[a,o]=Kc(i,6e4),[s,c]=Kc(o,1e3);return{hour:r,minute:a,second:s,millisecond:c,microsecond:t,nanosecond:n}}function su(e){let[t,n]=Gc(e,vl);return[Number(t),Number(n)]}function cu(e){return uu(e)+BigInt(eu(e))}function lu(e){return du(e)+tu(e)}function uu(e){return BigInt(fu(e))*R}function du(e){return 864e5*fu(e)}function fu(e){return pu(e.year,e.month,e.day)}function pu(e,t=1,n=1){let r=t-1;return e+=Math.floor(r/12),t=qc(r,12),Date.UTC(e%400-400,t,0)/864e5+146097*(Jc(e,400)+1)+n}function mu(e){let[t,n]=Gc(e,R);return{...gu(Number(t)),...au(Number(n))}}function hu(e,t=0,n=0){let[r,i]=Kc(e,864e5);return{...gu(r),...ou(i,t,n)}}function gu(e){let t=/* @__PURE__ */ new Date(864e5*qc(e,146097));return{year:t.getUTCFullYear()+400*Math.floor(e/146097),month:t.getUTCMonth()+1,day:t.getUTCDate()}}function _u(e,t){return Math.trunc((t-e)/864e5)}function vu(e){return[e,0]}function yu(e,t){if(!t)return{year:1972,month:e}}function bu(e,t,n){return{year:e,month:t,day:n}}function xu(e,t){switch(t){case 2:return Cu(e)?29:28;case 4:case 6:case 9:case 11:return 30}return 31}function Su(e){return Cu(e)?366:365}function Cu(e){return e%4==0&&(e%100!=0||e%400==0)}function wu(e,t,n){return e+=Jc(n,12),(t+=Yc(n,12))<1?(e--,t+=12):t>12&&(e++,t-=12),{year:e,month:t}}function Tu(e,t,n,r){return 12*(n-e)+r-t}function Eu(e){return qc(pu(e.year,e.month,e.day)+4,7)||7}function Du(e){return pu(e.year,e.month,e.day)-pu(e.year)+1}function Ou(e){let t=e.year,n=Math.floor((Du(e)-Eu(e)+10)/7),r=ku(t);return n<1?n=r=ku(--t):n>r&&(n=1,r=ku(++t)),{weekOfYear:n,yearOfWeek:t,Ie:r}}function ku(e){let t=Eu({year:e,month:1,day:1});return t===4||t===3&&Cu(e)?53:52}function Au({year:e}){return e<1?{era:`bce`,eraYear:1-e}:{era:`ce`,eraYear:e}}function ju(e){return Mu(e),Zl(e)}function Mu(e){return Pu(e,1),e}function Nu(e){return Pc(El,e,Pu(e))}function Pu(e,t){let{year:n}=e,r=wc(e,`month`,1,12,t);return{year:n,month:r,day:wc(e,`day`,1,xu(n,r),t)}}function z(e,t){return e?e.ie(t):t}function Fu(e,t,n){return e?e.O(t,n):vu(n)}function Iu(e,t){return e===0?Au(t):e?e.h(t):{}}function Lu(e,t,n,r){return e?e.je(t,n,r):bu(t,n,r)}function Ru(e,t){return e?e.k(t):12}function zu(e,t,n){return e?e.p(t,n):xu(t,n)}function Bu(e,t){let{year:n,month:r}=z(e,t),[i,a]=Fu(e,n,r);return rl(i,a)}function Vu(e,t){let{year:n}=z(e,t);return e?e.u(n):Cu(n)}function Hu(e,t){let{year:n}=z(e,t);return Ru(e,n)}function Uu(e,t){let{year:n,month:r}=z(e,t);return zu(e,n,r)}function Wu(e,t){let{year:n}=z(e,t);return e?e.j(n):Su(n)}function Gu(e,t){if(!e)return Du(t);let{year:n}=z(e,t),r=Lu(e,n,1,1);return fu(t)-fu(r)+1}function Ku(e,t){return e===void 0?Ou(t).weekOfYear:void 0}function qu(e,t){return e===void 0?Ou(t).yearOfWeek:void 0}const B=sl.map(e=>e+`s`),Ju=Mc(B),Yu=F(B),Xu=B.slice(0,6),Zu=B.slice(6),Qu=Zu.slice(1),$u=B.reduce((e,t,n)=>(e[t]=n,e),{}),V=jc(B,0),ed=jc(Xu,0),td=P(Fc,B);function nd(e,t){return t??M(pc(e)),t}const rd=P(id,`string`);function id(e,t,n=e){return typeof t!==e&&N(fc(n,t)),t}function ad(e,t=`number`){return Number.isInteger(e)||M(((e,t)=>`Non-integer ${e}: ${t}`)(t,e)),e||0}function od(e){return typeof e==`symbol`&&N(`Cannot convert Symbol to string`),String(e)}function sd(e,t){return uc(e)?String(e):rd(e,t)}function cd(e){return typeof e==`boolean`?BigInt(+!!e):typeof e==`string`?BigInt(e):(typeof e!=`bigint`&&N(`Invalid bigint: ${e}`),e)}function ld(e,t){return ad(ac(e,t),t)}function ud(e,t){return typeof e==`string`?((e,t)=>{let n=Object.create(null);return n[e]=t,n})(t,e):dc(e)}const dd=`smallestUnit`,fd={constrain:0,reject:1},pd={compatible:0,reject:1,earlier:2,later:3},md={reject:0,use:1,prefer:2,ignore:3},hd={auto:0,never:1,critical:2,always:3},gd={auto:0,never:1,critical:2},_d={auto:0,never:1},vd={floor:0,halfFloor:1,ceil:2,halfCeil:3,trunc:4,halfTrunc:5,expand:6,halfExpand:7,halfEven:8},yd=[Math.floor,e=>Zc(e)?Math.floor(e):Math.round(e),Math.ceil,e=>Zc(e)?Math.ceil(e):Math.round(e),Math.trunc,e=>Zc(e)?Math.trunc(e)||0:Math.round(e),e=>e<0?Math.floor(e):Math.ceil(e),e=>Math.sign(e)*Math.round(Math.abs(e))||0,e=>Zc(e)?(e=Math.trunc(e)||0)+e%2:Math.round(e)],bd={previous:-1,next:1};function xd(e){let t=e.roundingIncrement;return t===void 0?1:oc(t,`roundingIncrement`)}function Sd(e){let t=e.fractionalSecondDigits;if(t!==void 0){if(typeof t!=`number`){if(od(t)===`auto`)return;M(fc(`fractionalSecondDigits`,t))}t=Tc(`fractionalSecondDigits`,Math.floor(t),0,9,1)}return t}function Cd(e,t,n=0,r){let i=t[e];if(i===void 0)return r?n:void 0;if(i=od(i),i===`auto`)return r?n:null;let a=ol[i];return a===void 0&&(a=$u[i]),a===void 0&&M(hc(e,i,ol)),a}function wd(e,t,n,r=0){let i=n[e];if(i===void 0)return r;let a=od(i),o=t[a];return o===void 0&&M(hc(e,a,t)),o}const Td=P(Cd,dd),Ed=P(Cd,`largestUnit`),Dd=P(Cd,`unit`),Od=P(wd,`overflow`,fd),kd=P(wd,`disambiguation`,pd),Ad=P(wd,`offset`,md),jd=P(wd,`calendarName`,hd),Md=P(wd,`timeZoneName`,gd),Nd=P(wd,`offset`,_d),Pd=P(wd,`roundingMode`,vd),Fd=P(wd,`direction`,bd);function Id(e,t,n,r){let i=r?ml:hl[t+1];if(i){let n=hl[t];i%((e=Tc(`roundingIncrement`,e,1,i/n-+!r,1))*n)&&M(fc(`roundingIncrement`,e))}else e=Tc(`roundingIncrement`,e,1,n?10**9:1,1);return e}function Ld(e,t,n,r){return t!=null&&Tc(e,t,n,r,1,sl),t}function Rd(e,t){t>e&&M(`smallestUnit > largestUnit`)}function zd(e,t,n,r=9,i=0,a=4){t=ic(t);let o=Ed(t,i),s=xd(t),c=Pd(t,a),l=Td(t,i,1);return o=Ld(`largestUnit`,o,i,r),l=Ld(dd,l,i,r),o==null?o=Math.max(n,l):Rd(o,l),s=Id(s,l,1),e&&(c=(e=>e<4?(e+2)%4:e)(c)),[o,l,s,c]}function Bd(e,t=6,n){let r=xd(e=ud(e,dd)),i=Pd(e,7),a=Td(e);return a=nd(dd,a),a=Ld(dd,a,0,t),r=Id(r,a,void 0,n),[a,r,i]}function H(e,t){return Nc(El,e,Nc(Sl,t))}function U(e){return e===void 0?0:Od(dc(e))}function Vd(e,t=0){e=ic(e);let n=kd(e),r=Ad(e,t);return[Od(e),r,n]}const Hd=BigInt(1e8)*R,Ud=BigInt(-1e8)*R,Wd=Ud-R,Gd=-3261848;function Kd(e){let t=12*e.year+e.month;return(t<Gd||t>3309129)&&M(`Out-of-bounds date`),e}function qd(e,t=1){return Yd(uu(e),t),e}function Jd(e){let t=uu(e);return Yd(t),t!==Wd||eu(e)||M(`Out-of-bounds date`),e}function Yd(e,t=1){(e<(t?Wd:Ud)||e>Hd)&&M(`Out-of-bounds date`)}function Xd(e){return(e<Ud||e>Hd)&&M(`Out-of-bounds date`),e}function Zd(e,t){return Xd(uu(e)+BigInt(eu(e)-t))}function Qd(e){return{epochNanoseconds:e}}function $d(e,t,n){return{calendar:n,timeZone:t,epochNanoseconds:e}}function ef(e,t){return Nc(Sl,e,W(e,t))}function W(e,t){return Nc(El,e,{calendar:t})}function tf(e){return Nc(Sl,e)}function nf(e){return Nc(B,e,{sign:Dp(e)})}function rf(e){return t=e.epochNanoseconds,Number(Wc(t,_l));var t}function af(e){return e.epochNanoseconds}function of(e,t,n){let r=Ip(t),[i,a]=((e,t)=>{let n=t((e=ud(e,`unit`)).relativeTo),r=Dd(e);return r=nd(`unit`,r),[r,n]})(n,e);if(!a&&vp(Math.max(i,r),a))return cf(t,i);if(a||M(`Missing relativeTo`),!t.sign&&vp(i,a))return 0;let o=fp(a),s=o.G(o.i,t);hp(o,s);let c=o.re(o.i,s,i);return vp(i,a)?cf(c,i):sf(c,o.V(s),i,o)}function sf(e,t,n,r){let i=Dp(e)||1,a=lf(td(n,e),n,i,r,t),o=a.ae,s=a.de,c=Number(s-o),l=Number(t-o);return a.ye[B[n]]+l/c*i}function cf(e,t){return xl(Ap(e),hl[t])}function lf(e,t,n,r,i){let a=B[t],o=e,s=0,c=uf(o,a,n,r);return i&&!((e,t,n,r)=>r>0?L(t,e)<=0&&L(e,n)<=0:L(n,e)<=0&&L(e,t)<=0)(i,c.ae,c.de,Math.sign(n))&&(o={...e,[a]:e[a]+n},s=1,c=uf(o,a,n,r)),{...c,ye:o,He:s}}function uf(e,t,n,r){let i={...e,[t]:e[t]+n};return{ae:pp(r,e),de:pp(r,i),Ae:i}}function df(e,t,n){let r=n-t,i=e-t;if(!i)return 0;let a=i<0n?-i:i,o=r<0n?-r:r,s=L(i,0n)===L(r,0n)?1:-1;return L(a,o)<=0?a===o?s:Xc(L(2n*a,o),s):Number(i)/Number(r)}function ff(e,t,n,r){let{epochNanoseconds:i}=e,{timeZone:a,calendar:o}=e;if(t===0&&n===1)return{epochNanoseconds:i,timeZone:a,calendar:o};if(t===6){let t=H(jf(e),Xl),n=H(Uf(t,1),Xl),o=Ff(a,t),s=Ff(a,n);i=Ef(df(i,o,s),r)?s:o}else{let o=jf(e),s=o.offsetNanoseconds;i=Nf(a,hf(o,vf(t,n),r),s,2,0,1)}return{epochNanoseconds:i,timeZone:a,calendar:o}}function pf(e){let{timeZone:t}=e,n=H(jf(e),Xl),r=H(Uf(n,1),Xl),i=Ff(t,n);return xl(Ff(t,r)-i,pl)}function mf(e){let{timeZone:t,calendar:n}=e;return $d(Ff(t,H(jf(e),Xl)),t,n)}function hf(e,t,n){let[r,i]=gf(e,t,n),a=H(Uf(e,i),r);return Jd(a),a}function gf(e,t,n){return iu(Tf(eu(e),t,n))}function _f(e){return Tf(e,fl,7)}function vf(e,t){return hl[e]*t}function yf(e,t){return BigInt(hl[e])*BigInt(t)}function bf(e,t,n){let r=Math.min(Ip(e),6);return Np(Sf(Ap(e),BigInt(t),n),r)}function xf(e,t,n,r,i,a,o){if(r===0&&i===1)return e;let s=Dp(e)||1,[c,l,u]=(vp(r,o.i)?mp(o.i)&&r<6&&n>=6?Of:Df:kf)(s,e,t,n,r,i,a,o);return u&&r!==7&&(c=((e,t,n,r,i,a)=>{for(let o=r+1;o<=n;o++){if(o===7&&n!==7)continue;let r=td(o,e);r[B[o]]+=i;let s=L(t,pp(a,r));if(s&&s!==i)break;e=r}return e})(c,l,n,Math.max(6,r),s,o)),c}function Sf(e,t,n){return wf(e,t,n,e/t%2n)}function Cf(e,t,n){let[r,i]=Gc(e,R),a=r*R;return a+wf(i,t,n,(a/t+i/t)%2n)}function wf(e,t,n,r){let i=e/t,a=e%t,o=0;a&&(o=Xc(L(2n*(a<0n?-a:a),t),Math.sign(Number(a))));let s=Ef(Number(r)+o,n);return(i-r+BigInt(s))*t}function Tf(e,t,n){return Ef(e/t,n)*t}function Ef(e,t){return yd[t](e)}function Df(e,t,n,r,i,a,o){let s=Ap(t),c=Sf(s,yf(i,a),o),l=c-s,u=Math.sign(Number(c/R)-Number(s/R))===e,d=Np(c,Math.min(r,6));return[{...t,...d},n+l,u]}function Of(e,t,n,r,i,a,o,s){let c=Number(jp(t)),l=vf(i,a),u=Tf(c,l,o),d=lf({...t,...ed},6,e,s,n),f=d.ae,p=d.de,m=u-Number(p-f),h=0;m&&Math.sign(m)!==e?n=f+BigInt(u):(h+=e,u=Tf(m,l,o),n=p+BigInt(u));let g=Pp(u);return[{...t,...g,days:t.days+h},n,!!h]}function kf(e,t,n,r,i,a,o,s){let c=B[i],l=td(i,t);i===7&&(t={...t,weeks:t.weeks+Math.trunc(t.days/7)}),l[c]=Jc(t[c],a)*a;let u=lf(l,i,a*e,s,n),d=u.ae,f=u.de,p=df(n,d,f),m=u.ye[c],h=u.Ae[c],g=Tf(m+p*e*a,a,o),_=g===h;return l[c]=g,[l,_?f:d,u.He||_]}function Af(e,t){return e.timeZone.U(e.epochNanoseconds,(e=>{let t=Fd(ud(e,`direction`),0);return t||M(fc(`direction`,t)),t})(t))}const jf=Ec(Mf,WeakMap);function Mf(e){let{epochNanoseconds:t,timeZone:n}=e,r=n.C(t);return{...mu(t+BigInt(r)),offsetNanoseconds:r}}function Nf(e,t,n,r=0,i=0,a,o){if(n!==void 0&&r===1&&(r===1||o))return Zd(t,n);r!==2&&r!==0||qd(t,0);let s=e.R(t);if(n!==void 0&&r!==3){let e=((e,t,n,r)=>{let i=cu(t);r&&(n=_f(n));for(let t of e){let e=Number(i-t);if(r&&(e=_f(e)),e===n)return t}})(s,t,n,a);if(e!==void 0)return e;r===0&&M(`Invalid TimeZone offset`)}return o?cu(t):Pf(e,t,i,s)}function Pf(e,t,n=0,r=e.R(t)){if(r.length===1)return r[0];if(n===1&&M(`Ambiguous offset`),r.length)return r[+(n===3)];let i=cu(t),a=((e,t)=>{let n=e.C(t-R);return(e=>(e>864e11&&M(`Out-of-bounds TimeZone gap`),e))(e.C(t+R)-n)})(e,i),o=mu(i+BigInt(a*(n===2?-1:1)));return(r=e.R(o))[n===2?0:r.length-1]}function Ff(e,t){let n=e.R(t);if(n.length)return n[0];let r=cu(t)-R;return e.U(r,1)}function If(e,t,n,r,i){let a=U(i);return r.sign&&Ip(r)<8&&M(`Cannot use small units`),Vf(t,Wf(t,qd(Vf(t,n)),e?Ep(r):r,a))}function Lf(e,t){return Xd(e+(Fp(n=t)&&M(`Cannot use large units`),jp(n)));var n}function Rf(e,t,n){let{calendar:r,epochNanoseconds:i,timeZone:a}=e,o=jp(t),s=i;if(Fp(t)){let i=jf(e);s=Pf(a,H(Bf(r,i,{...t,...ed},n),i))+o}else s+=o,U(n);return{...e,epochNanoseconds:Xd(s)}}function zf(e,t,n,r){let[i,a]=Hf(t,n),o=H(Bf(e,t,{...n,...ed,days:n.days+a},r),i);return Jd(o),o}function Bf(e,t,n,r){if(n.years||n.months||n.weeks)return Wf(e,t,n,U(r));U(r);let i=n.days+Number(jp(n)/R);return i?qd(Uf(t,i)):t}function Vf(e,t){return Uf(t,1-z(e,t).day)}function Hf(e,t){let n=jp(t),r=Number(n/R),i=Number(n%R),[a,o]=iu(eu(e)+i);return[a,r+o]}function Uf(e,t){return t?gu(fu(e)+t):e}function Wf(e,t,n,r){let{years:i,months:a,weeks:o,days:s}=n,c;if(s+=Number(jp(n)/R),i||a)c=Gf(e,t,i,a,r);else{if(!o&&!s)return t;c=t}return(o||s)&&(c=Uf(c,7*o+s)),qd(c)}function Gf(e,t,n,r,i){let{year:a,month:o,day:s}=z(e,t);if(n){let[t,r]=Fu(e,a,o);a+=n,o=Kf(e,t,r,e?e.q(a):void 0,i),o=Tc(`month`,o,1,Ru(e,a),i)}if(r){let t=e?e.N(a,o,r):wu(a,o,r);({year:a,month:o}=t)}return s=Tc(`day`,s,1,zu(e,a,o),i),Lu(e,a,o,s)}function Kf(e,t,n,r,i){if(n){let n=e?e.m:void 0;return r!==void 0&&(n<0||r===t+1)?r:(i===1&&M(_c),n<0?-n:t)}return il(t,0,r)}function qf(e,t){return el(e)!==el(t)&&M(`Mismatching Calendars`),e}function Jf(e,t){return e.o!==t.o&&M(`Mismatching TimeZones`),e}function Yf(e){return e.timeZone.id}function Xf(e,t,n,r){let[i,a,o,s]=zd(e,r,3,5),c=lp(t.epochNanoseconds,n.epochNanoseconds,i,a,o,s);return nf(e?Ep(c):c)}function Zf(e,t,n,r,i){let[a,o,s,c]=zd(e,i,5),l=n.epochNanoseconds,u=r.epochNanoseconds,d;return L(u,l)?a<6?d=lp(l,u,a,o,s,c):(d=rp(Jf(n.timeZone,r.timeZone),t,n,r,a),d=xf(d,u,a,o,s,c,dp(n,af,Rf))):d=V,nf(e?Ep(d):d)}function Qf(e,t,n,r,i){let[a,o,s,c]=zd(e,i,6),l=cu(n),u=cu(r),d=L(u,l),f;return d?a<=6?f=lp(l,u,a,o,s,c):(f=ap(t,n,r,d,a),f=xf(f,u,a,o,s,c,dp(n,cu,P(zf,t)))):f=V,nf(e?Ep(f):f)}function $f(e,t,n,r,i){let[a,o,s,c]=zd(e,i,6,9,6);return tp(e,t,n,r,a,o,s,c)}function ep(e,t,n,r,i){let[a,o,s,c]=zd(e,i,9,9,8),l=Vf(t,n),u=Vf(t,r);return sp(l,u)?tp(e,t,qd(l),qd(u),a,o,s,c,8):nf(V)}function tp(e,t,n,r,i,a,o,s,c=6){let l=uu(n),u=uu(r),d;return L(u,l)?i===6?d=lp(l,u,i,a,o,s):(d=op(t,n,r,i),a===c&&o===1||(d=xf(d,u,i,a,o,s,dp(n,uu,P(Bf,t))))):d=V,nf(e?Ep(d):d)}function np(e,t,n,r){let[i,a,o,s]=zd(e,r,5,5),c=Tf(eu(n)-eu(t),vf(a,o),s),l={...V,...Pp(c,i)};return nf(e?Ep(l):l)}function rp(e,t,n,r,i){let a=L(r.epochNanoseconds,n.epochNanoseconds);if(!a)return V;if(i<6)return{...V,...Np(r.epochNanoseconds-n.epochNanoseconds,i)};if(!sp(jf(n),jf(r)))return{...V,...Np(r.epochNanoseconds-n.epochNanoseconds,5)};let[o,s,c]=cp(e,n,r,a);return{...i===6?{...V,days:up(o,s)}:op(t,o,s,i),...Pp(c)}}function ip(e,t,n,r){let i=cu(t),a=cu(n),o=L(a,i);return o?r<=6?{...V,...Np(a-i,r)}:ap(e,t,n,o,r):V}function ap(e,t,n,r,i){let a=n,o=eu(n)-eu(t);return Math.sign(o)===-r&&(a=Uf(n,-r),o+=864e11*r),{...op(e,t,a,i),...Pp(o)}}function op(e,t,n,r){if(r<=7){let e=up(t,n);return r===7?{...V,weeks:Jc(e,7),days:Yc(e,7)}:{...V,days:e}}let i=z(e,t),a=z(e,n);if(r===8){let{year:r,month:o,day:s}=i,{year:c,month:l,day:u}=a,d=Math.sign(I(c,r)||I(l,o)||up(t,n)),f=0,p=0;if(d){f=e?e.ne(r,o,c,l):Tu(r,o,c,l);let i=Gf(e,t,0,f,0);d*I(s,u)>0&&(f-=d,i=Gf(e,t,0,f,0)),p=up(i,n)}return{...V,months:f,days:p}}let{year:o,month:s,day:c}=i,{year:l,month:u,day:d}=a,f=l-o,p=u-s,m=d-c;if(f||p){let t=Math.sign(f||p),n=zu(e,l,u),r=0;if(Math.sign(d-c)===-t){let i=n,a=e?e.N(l,u,-t):wu(l,u,-t);({year:l,month:u}=a),f=l-o,p=u-s,n=zu(e,l,u),r=t<0?-i:n}if(m=d-Math.min(c,n)+r,f){let[n,r]=Fu(e,o,s),[i,a]=Fu(e,l,u),c=e?e.m:void 0;if(p=c!==void 0&&r&&!a&&(c<0?t>0&&i===-c:t<0&&i===n)?0:i-n||Number(a)-Number(r),Math.sign(p)===-t){let i=t<0&&-Ru(e,l);l-=t,f=l-o,p=u-Kf(e,n,r,e?e.q(l):void 0,0)+(i||Ru(e,l))}else if(e){let t=Kf(e,n,r,e.q(l),0);p=e.ne(l,t,l,u)}}}return{...V,years:f,months:p,days:m}}function sp(e,t){return I(e.year,t.year)||I(e.month,t.month)||I(e.day,t.day)}function cp(e,t,n,r){let i=jf(t),a=jf(n),o=n.epochNanoseconds,s=0,c=eu(a)-eu(i);Math.sign(c)===-r&&s++;let l=s+ +(r>0);for(;s<=l;s++){let t=Uf(a,s*-r),n=Pf(e,H(t,i));if(L(o,n)!==-r)return[i,t,Number(o-n)]}}function lp(e,t,n,r,i,a){return{...V,...Np(Sf(t-e,yf(r,i),a),n)}}function up(e,t){return fu(t)-fu(e)}function dp(e,t,n){return{i:e,V:t,G:n}}function fp(e){let{calendar:t}=e;if(mp(e)){let{timeZone:n}=e;return{i:e,V:af,G:Rf,re:P(rp,n,t)}}return{i:gp(e),V:cu,G:P(zf,t),re:P(ip,t)}}function pp(e,t){return e.V(e.G(e.i,t))}function mp(e){return`timeZone`in e}function hp(e,t){mp(e.i)||(_p(e.i),_p(t))}function gp(e){return H(e,`hour`in e?e:Xl)}function _p(e){Jd(gp(e))}function vp(e,t){return e<=6-(t&&mp(t)?1:0)}function yp(e,t,n){let r={};for(let i=t;i>=0;i--){let t=hl[i];r[n[i]]=Jc(e,t),e=Yc(e,t)}return r}const bp=2**53;function xp(e,t,n,r,i){let a=e(ic(i).relativeTo),o=Math.max(Ip(n),Ip(r));if(vp(o,a))return Sp(t,n,r,o);a||M(`Missing relativeTo`),t&&(r=Ep(r));let s=fp(a),c=s.G(s.i,n),l=s.G(c,r);return nf(s.re(s.i,l,o))}function Sp(e,t,n,r){return nf(Op(((e,t,n,r)=>{let i=Ap(e)+Ap(t)*BigInt(r?-1:1);return Number.isFinite(Number(i/R))||M(`Out-of-bounds date`),{...V,...Np(i,n)}})(t,n,r,e)))}function Cp(e,t,n){let r=Ip(t),[i,a,o,s,c]=((e,t,n)=>{e=ud(e,dd);let r=Ed(e),i=n(e.relativeTo),a=xd(e),o=Pd(e,7),s=Td(e);return r===void 0&&s===void 0&&M(`Required smallestUnit or largestUnit`),s??=0,r??=Math.max(s,t),Rd(r,s),a=Id(a,s,1),a>1&&s>5&&r!==s&&M(`For calendar units with roundingIncrement > 1, use largestUnit = smallestUnit`),[r,s,a,o,i]})(n,r,e);if(!c&&Math.max(r,i)<=6)return nf(Op(((e,t,n,r,i)=>{let a=Sf(Ap(e),yf(n,r),i);return{...V,...Np(a,t)}})(t,i,a,o,s)));let l=c&&mp(c)&&i>=6&&a<6;if(!t.sign&&!l)return t;c||M(`Missing relativeTo`);let u=fp(c),d=u.G(u.i,t);hp(u,d);let f=u.re(u.i,d,i);return f=xf(f,u.V(d),i,a,o,s,u),nf(f)}function wp(e){return e.sign===-1?Tp(e):e}function Tp(e){return nf(Ep(e))}function Ep(e){let t={};for(let n of B)t[n]=-1*e[n]||0;return t}function Dp(e,t=B){let n=0;for(let r of t){let t=Math.sign(e[r]);t&&(n&&n!==t&&M(`Cannot mix duration signs`),n=t)}return n}function Op(e){for(let t of Qu)Tc(t,e[t],-4294967295,4294967295,1);let t=Ap(e);return kp(Number(t/vl)),e}function kp(e){Number.isSafeInteger(e)||M(`Out-of-bounds duration`)}function Ap(e){return BigInt(e.days)*R+jp(e)}function jp(e){return BigInt(e.hours)*bl+BigInt(e.minutes)*yl+Mp(e)}function Mp(e){return BigInt(e.seconds)*vl+BigInt(e.milliseconds)*_l+BigInt(e.microseconds)*gl+BigInt(e.nanoseconds)}function Np(e,t=6){let n=Number(e/R),r=Number(e%R),i=hl[t],a=t<=3?Number(e/BigInt(i)):ml/i*n+Jc(r,i);Number.isFinite(a)||M(`Out-of-bounds date`),t<=3&&Math.abs(a)/(dl/hl[t])>=bp&&M(`Out-of-bounds date`);let o=yp(r,t,B);return o[B[t]]=a,o}function Pp(e,t=5){return yp(e,t,B)}function Fp(e){return!!Dp(e,Zu)}function Ip(e){let t=9;for(;t>0&&!e[B[t]];t--);return t}function Lp(e,t){return L(e.epochNanoseconds,t.epochNanoseconds)}function Rp(e,t){return L(e.epochNanoseconds,t.epochNanoseconds)}function zp(e,t,n,r){let i=e(ic(r).relativeTo),a=Math.max(Ip(t),Ip(n));if(Pc(B,t,n))return 0;if(vp(a,i))return L(Ap(t),Ap(n));i||M(`Missing relativeTo`);let o=fp(i);return L(pp(o,t),pp(o,n))}function Bp(e,t){return Vp(e,t)||Hp(e,t)}function Vp(e,t){return I(fu(e),fu(t))}function Hp(e,t){return I(eu(e),eu(t))}function Up(e,t){return!Lp(e,t)}function Wp(e,t){return!Rp(e,t)&&e.timeZone.o===t.timeZone.o&&e.calendar===t.calendar}function Gp(e,t){return!Bp(e,t)&&e.calendar===t.calendar}function Kp(e,t){return!Vp(e,t)&&e.calendar===t.calendar}function qp(e,t){return!Vp(e,t)&&e.calendar===t.calendar}function Jp(e,t){return!Vp(e,t)&&e.calendar===t.calendar}function Yp(e,t){return!Hp(e,t)}function Xp(e){return e===0?Qc:e?e.l:void 0}function Zp(e,t,n=t){return Xp(e)?n:t}function Qp(e,t){let n=e||void 0,r=Xp(e),{era:i,eraYear:a,year:o}=t;if(o!==void 0&&(o=oc(o,`year`)),a!==void 0&&(a=oc(a,`eraYear`)),i!==void 0||a!==void 0){i!==void 0&&a!==void 0||N(`Mismatching era/eraYear`),r||M(`Forbidden era/eraYear`);let e=$c(i),t=r[e];t===void 0&&M((e=>`Invalid era: ${e}`)(i));let s=n?.te?n.te(a,e,t):tm(a,t);o!==void 0&&o!==s&&M(`Mismatching year/eraYear`),o=s}else o===void 0&&N(gc(r));return o}function $p(e,t,n,r,i){let{month:a,monthCode:o}=t;if(o!==void 0){let t=((e,t,n,r,i=nl(t))=>{let a=e?e.q(n):void 0,[o,s]=i,c=il(o,s,a);if(s){let t=e?e.m:void 0;t===void 0&&M(_c),t>0?(c>t&&M(_c),a!==c&&(r===1&&M(_c),c=il(o,0,a))):(c!==-t&&M(_c),a===void 0&&r===1&&M(_c))}return c})(e,o,n,r,i);a!==void 0&&a!==t&&M(`Mismatching month/monthCode`),a=t,r=1}else a===void 0&&N(`Missing month/monthCode`);return Tc(`month`,a,1,Ru(e,n),r)}function em(e,t,n,r,i){return wc(t,`day`,1,zu(e,r,n),i)}function tm(e,t){return(t+e)*(Math.sign(t)||1)||0}function nm(e,t){return $l(Nc(Sl,{...Xl,...e}),t)}const rm=Rc(`([+-])(\\d{2})(?::?(\\d{2})(?::?(\\d{2})(?:[.,](\\d{1,9}))?)?)?`);function im(e){let t=am(e);return t===void 0&&M(bc(e)),t}function am(e,t){let n=rm.exec(e);if(n&&(e=>(e=>{e[0]!==`T`&&e[0]!==`t`||(e=e.slice(1));let t=e.search(/[.,]/),n=t<0?e:e.slice(0,t),r=n.split(`:`);return r.length===1?/^(?:\d{2}|\d{4}|\d{6})$/i.test(n):(r.length===2||r.length===3)&&r.every(e=>e.length===2&&/^\d{2}$/i.test(e))})(e.slice(1)))(n[0]))return((e,t)=>{let n=e[4]||e[5];return t&&n&&M(xc(n)),r=(Vc(e[2])*pl+Vc(e[3])*fl+Vc(e[4])*dl+zc(e[5]||``))*Bc(e[1]),Math.abs(r)>=864e11&&M(`Out-of-bounds offset`),r;var r})(n,t)}const om={era:sd,month:sc,monthCode(e,t=`monthCode`){return((e,t)=>{if(typeof e==`string`)return e;if(e&&typeof e==`object`){let n=e.toString;if(typeof n==`function`)return rd(n.call(e),t)}return rd(e,t)})(e,t)},day:sc},sm=jc(Sl,oc),cm=jc(B,ld),lm={offset(e){return im(sd(e))}},um=Object.assign({},om,sm),dm=Object.assign({},um,lm);function G(e,t,n,r,i=!r){let a={},o=0;for(let i of t){let t=e[i];if(t!==void 0){o=1;let e=n[i];e&&(t=e(t,i)),a[i]=t}else r&&r.includes(i)&&N(pc(i))}return i&&!o&&N(mc(t)),a}function fm(e,t=Xl,n){let r=H(e,t);return Jd(r),ef(r,n)}function pm(e,t,n){return hm(e,t,_m(e,t),U(n))}function mm(e,t,n){let r=_m(e,t),i=n();return[hm(e,t,r,i[0]),...i]}function hm(e,t,n,r){let i=n[1],a=$p(e,t,i,r,n[0]);return W(qd(Lu(e,i,a,em(e,t,a,i,r))),e)}function gm(e){if(e.monthCode!==void 0)return nl(e.monthCode)}function _m(e,t){let n=Xp(e);return t.year!==void 0||t.era!==void 0&&t.eraYear!==void 0||N(gc(n)),t.monthCode===void 0&&t.month===void 0&&N(`Missing month/monthCode`),t.day===void 0&&N(pc(`day`)),[gm(t),Qp(e,t)]}function vm(e,t,n){let r=Xp(e);t.year!==void 0||t.era!==void 0&&t.eraYear!==void 0||N(gc(r)),t.monthCode===void 0&&t.month===void 0&&N(`Missing month/monthCode`);let i=gm(t),a=Qp(e,t);return W(Kd(Lu(e,a,$p(e,t,a,U(n),i),1)),e)}function ym(e,t,n){let r=e===void 0,i=Xp(e);t.day===void 0&&N(pc(`day`)),r||t.month===void 0||t.year!==void 0||t.era!==void 0&&t.eraYear!==void 0||N(gc(i));let a=gm(t),o=t.eraYear!==void 0||t.year!==void 0?Qp(e,t):void 0,s=U(n),c,l,u;if(o===void 0&&r&&(o=1972),o!==void 0){r||qd(Lu(e,o,1,1));let n=$p(e,t,o,s,a);c=em(e,t,n,o,s),[l,u]=Fu(e,o,n)}else{t.monthCode===void 0&&N(`Missing month/monthCode`),[l,u]=a;let n=e?e.ge:1972;if(n!==void 0)c=em(e,t,$p(e,t,n,s,a),n,s);else{let n=s===0&&e?e.ke?.(l,u,t.day):void 0;c=n===void 0?t.day:n}}u&&((e&&e.Z?.[l])??1/0)<t.day&&(s===1&&M(_c),u=0,c=Sc(t.day,1,(e&&e.X)??1/0));let d=e?e.v(l,!!u,c):yu(l,!!u);for(;!d&&s===0&&c>1;)c--,d=e?e.v(l,!!u,c):yu(l,!!u);d||M(`Cannot guess year`);let{year:f,month:p}=d;return W(qd(Lu(e,f,p,c)),e)}const bm=Intl.DateTimeFormat;function xm(e,t){t<-864e13&&M(`Out-of-bounds date`);let n=e.formatToParts(t),r={};for(let e of n)r[e.type]=e.value;return r}const Sm={El_Aaiun:17,Tucuman:12,Tirane:11,Riga:10,Simferopol:9,Vienna:9,Tunis:8,Boa_Vista:6,Fortaleza:6,Maceio:6,Noronha:6,Recife:6,Gaza:6,Hebron:6,DeNoronha:6},Cm=-388152e4;function wm(e,t=4){let n=Sd(e);return[Pd(e,4),...Dm(Ld(dd,Td(e),0,t),n)]}function Tm(e){return jd(ic(e))}function Em(e,t){return wm(ic(e),t)}function Dm(e,t){return e==null?[t===void 0?1:10**(9-t),t]:[hl[e],e<4?9-3*e:-1]}function Om(e,t,n){let[r,i,a,o]=(e=>{let t=Sd(e=ic(e)),n=Pd(e,4),r=Td(e);return[e.timeZone,n,...Dm(Ld(dd,r,0,4),t)]})(n),s=r!==void 0;return((e,t,n,r,i,a)=>{n=Cf(n,BigInt(i),r);let o=t.C(n);return Bm(mu(n+BigInt(o)),a)+(e?Gm(_f(o)):`Z`)})(s,ah(s?e(r):`UTC`),t.epochNanoseconds,i,a,o)}function km(e,t){let n=(e=>{e=ic(e);let t=jd(e),n=Sd(e),r=Nd(e),i=Pd(e,4),a=Td(e);return[t,Md(e),r,i,...Dm(Ld(dd,a,0,4),n)]})(t);return((e,t,n,r,i,a,o,s,c,l)=>{r=Cf(r,BigInt(c),s);let u=n.C(r);return Bm(mu(r+BigInt(u)),l)+Gm(_f(u),o)+Km(t,a)+qm(e,i)})(e.calendar,e.timeZone.id,e.timeZone,e.epochNanoseconds,...n)}function Am(e,t){let n=(e=>(e=ic(e),[jd(e),...wm(e)]))(t);return((e,t,n,r,i,a)=>Bm(hf(t,i,r),a)+qm(e,n))(e.calendar,e,...n)}function jm(e,t){return n=e.calendar,r=e,i=Tm(t),Vm(r)+qm(n,i);var n,r,i}function Mm(e,t){return Pm(e.calendar,Hm,e,Tm(t))}function Nm(e,t){return Pm(e.calendar,Um,e,Tm(t))}function Pm(e,t,n,r){return r===1?e===void 0?t(n):Vm(n):r>1||r===0&&e!==void 0?Vm(n)+Jm(el(e),r===2):t(n)}function Fm(e,t){return((e,t,n,r)=>Wm(gf(e,n,t)[0],r))(e,...Em(t))}function Im(e,t){let[n,r,i]=Em(t,3);return r>1&&Op(e={...e,...bf(e,r,n)}),Lm(e,i)}function Lm(e,t){let{sign:n}=e,r=n===-1?Ep(e):e,{hours:i,minutes:a}=r,o=Mp(r),s=Number(o/vl),c=Number(o%vl);kp(s);let l=Xm(c,t),u=t>=0||!n||l;return(n<0?`-`:``)+`P`+Rm({Y:zm(r.years),M:zm(r.months),W:zm(r.weeks),D:zm(r.days)})+(i||a||s||u?`T`+Rm({H:zm(i),M:zm(a),S:zm(s,u)+l}):``)}function Rm(e){let t=[];for(let n in e){let r=e[n];r&&t.push(r,n)}return t.join(``)}function zm(e,t){if(!e&&!t)return``;let n=Object.create(null);return n.useGrouping=0,e.toLocaleString(`fullwide`,n)}function Bm(e,t){return Vm(e)+`T`+Wm(e,t)}function Vm(e){return Hm(e)+`-`+Uc(e.day)}function Hm(e){let{year:t}=e;return(t<0||t>9999?Zm(t)+Hc(6,Math.abs(t)):Hc(4,t))+`-`+Uc(e.month)}function Um(e){return Uc(e.month)+`-`+Uc(e.day)}function Wm(e,t){let n=[Uc(e.hour),Uc(e.minute)];return t!==-1&&n.push(Uc(e.second)+((e,t,n,r)=>Xm(e*ul+t*ll+n,r))(e.millisecond,e.microsecond,e.nanosecond,t)),n.join(`:`)}function Gm(e,t=0){if(t===1)return``;let[n,r]=Kc(Math.abs(e),pl),[i,a]=Kc(r,fl),[o,s]=Kc(a,dl);return Zm(e)+Uc(n)+`:`+Uc(i)+(o||s?`:`+Uc(o)+Xm(s):``)}function Km(e,t){return t===1?``:`[`+(t===2?`!`:``)+e+`]`}function qm(e,t){return t>1||t===0&&e!==void 0?Jm(el(e),t===2):``}function Jm(e,t){return`[`+(t?`!`:``)+`u-ca=`+e+`]`}const Ym=/0+$/;function Xm(e,t){let n=Hc(9,e);return n=t===void 0?n.replace(Ym,``):n.slice(0,t),n?`.`+n:``}function Zm(e){return e<0?`-`:`+`}const Qm=/^(AC|AE|AG|AR|AS|BE|BS|CA|CN|CS|CT|EA|EC|IE|IS|JS|MI|NE|NS|PL|PN|PR|PS|SS|VS)T$/,$m=/[^\w\/:+-]+/;function eh(e){return th(rd(e))}function th(e){return nh(e).id}function nh(e){let t=e.toUpperCase(),n=(e=>{let t=am(e,1);if(t!==void 0)return{id:Gm(t),_:t,o:t}})(t);return n?{kind:`fixed`,...n}:rh(t===`UTC`?`UTC`:(e=>($m.test(e)&&M(yc(e)),Qm.test(e)&&M(`Forbidden ICU TimeZone`),e.toLowerCase().split(`/`).map((e,t)=>(e.length<=3||/\d/.test(e))&&!/etc|yap/.test(e)?e.toUpperCase():e.replace(/baja|dumont|[a-z]+/g,(e,n)=>e.length<=2&&!t||e===`in`||e===`chat`?e.toUpperCase():e.length>2||!n?Lc(e).replace(/island|noronha|murdo|rivadavia|urville/,Lc):e)).join(`/`)))(e))}const rh=Ec(e=>{if(e===`UTC`)return{kind:`utc`,id:e,o:e};let t=ih(e.toUpperCase());return{kind:`named`,id:e,format:t,o:t.resolvedOptions().timeZone}}),ih=Ec(e=>new bm(`en-u-hc-h23`,{calendar:`iso8601`,timeZone:e,era:`short`,year:`numeric`,month:`numeric`,day:`numeric`,hour:`numeric`,minute:`numeric`,second:`numeric`}));function ah(e){let t=nh(e);return oh(t.id,t)}const oh=Ec((e,t)=>t.kind===`named`?new ch(e,t.o,t.format):new sh(e,t.o,t.kind===`fixed`?t._:0));var sh=class{constructor(e,t,n){this.id=e,this.o=t,this._=n}C(){return this._}R(e){return[Zd(e,this._)]}U(){}},ch=class{constructor(e,t,n){this.id=e,this.o=t,this.qe=((e,t)=>{let n=Ec(e),r=Ec(uh),i=86400*t;function a(e){let[t,a]=dh(e,i),s=fh(t),c=fh(a),l=n(s),u=n(c);return l===u?l:o(r(s,c),l,u,e)}function o(t,n,r,i){let a,o;for(;(i===void 0||(a=i<t[0]?n:i>=t[1]?r:void 0)===void 0)&&(o=t[1]-t[0]);){let n=t[0]+Math.floor(o/2);e(n)===r?t[1]=n:t[0]=n+1}return a}return{Ee(e){let t=a(e-86400),n=a(e+86400),r=e-t,i=e-n;if(t===n)return[r];let o=a(r);return o===a(i)?[e-o]:t>n?[r,i]:[]},De:a,U:function e(t,a){if(a>0&&t>=864e10)return;if(a<0){if(t<=Cm)return;let n=lh()+94867200;if(t>n)return e(n,-1)}let[s,c]=dh(a>0?Math.max(t,Cm):t,i),l=i*a,u=a>0?Math.max(t,lh())+94867200:Cm,d=()=>a<0?c>u:s<u;for(;d();){let e=fh(s),i=fh(c),u=n(e),d=n(i);if(u!==d){let n=r(e,i);o(n,u,d);let s=n[0];if((I(s,t)||1)===a)return s}s+=l,c+=l}}}})((e=>t=>{let n=xm(e,1e3*t);return 86400*pu((e=>{let t=e.relatedYear;if(t!==void 0)return parseInt(t);let n=parseInt(e.year);return e.era!==void 0&&$c(e.era)===`bce`?1-n:n})(n),parseInt(n.month),parseInt(n.day))+3600*parseInt(n.hour)+60*parseInt(n.minute)+parseInt(n.second)-t})(n),(e=>Sm[e.split(`/`).pop()]||60)(e))}C(e){return this.qe.De((e=>su(e)[0])(e))*dl}R(e){let t=86400*fu(e)+nu(e),n=ru(e);return this.qe.Ee(t).map(e=>Xd(BigInt(e)*vl+BigInt(n)))}U(e,t){let[n,r]=su(e),i=this.qe.U(n+(t>0||r?1:0),t);if(i!==void 0)return BigInt(i)*vl}};function lh(){return Math.floor(Date.now()/1e3)}function uh(e,t){return[e,t]}function dh(e,t){let n=Math.floor(e/t)*t;return[n,n+t]}function fh(e){return Sc(e,-1e10,864e10)}function ph(e,t,n){let r=G(n,Zp(t,Kl,ql),dm,[],0);if(r.timeZone!==void 0){let n=pm(t,r),i=nm(r),a=ah(e(r.timeZone));return{epochNanoseconds:Nf(a,H(n,i),r.offset),timeZone:a,calendar:t}}return pm(t,r)}function mh(e,t,n,r){let i=G(n,Zp(t,Kl,ql),dm,Ol,0),a=e(i.timeZone),[o,s,c,l]=mm(t,i,()=>Vd(r)),u=nm(i,s),d=ah(a);return $d(Nf(d,H(o,u),i.offset,c,l),d,t)}function hh(e,t,n){let r=G(t,Zp(e,Hl,Ul),um,[],0),[i,a]=mm(e,r,()=>[U(n)]);return fm(i,nm(r,a),e)}function gh(e,t,n,r=[]){return pm(e,G(t,Zp(e,Bl,Vl),om,r),n)}function _h(e,t,n,r){return vm(e,G(t,Zp(e,Fl,Il),om,r),n)}function vh(e,t,n,r){let i=G(n,Zp(e,Bl,Vl),om,Tl,0);return t&&i.month!==void 0&&i.monthCode===void 0&&i.year===void 0&&(i.year=1972),ym(e,i,r)}function yh(e,t){return nm(G(e,Nl,sm,[],1),U(t))}function bh(e){let t=G(e,Yu,cm);return nf(Op({...V,...t}))}function xh(e){M(bc(e))}function Sh(e){let t=Xh(e=sd(e)),n;return t||xh(e),t.F?n=0:t.offset?n=im(t.offset):xh(e),t.timeZoneId&&am(t.timeZoneId,1),ju(t),Qd(Zd(t,n))}function Ch(e,t){let n=Xh(rd(e));return n||xh(e),n.timeZoneId?Rh(n,t,void 0):(n.F&&xh(e),Bh(n,t))}function wh(e,t,n){let r=Xh(rd(e));return r&&r.timeZoneId||xh(e),Rh(r,t,n)}function Th(e,t){let n=Xh(rd(e));return n&&!n.F||xh(e),zh(n,t)}function Eh(e,t){let n=Fh(Ph(rd(e)),void 0,t);return W(n,n.calendar)}function Dh(e,t){let n=Zh(rd(e));if(n)return Oh(n),W(Kd(Mu(n)),t(n.calendarId));let r=Fh(Ph(e),Ih,t),{calendar:i}=r;return W(Vf(i,r),i)}function Oh(e){e.calendarId!==`iso8601`&&M(xc(e.calendarId))}function kh(e,t){let n=Qh(rd(e));if(n)return Oh(n),W(Mu(n),t(n.calendarId));let r=Fh(Ph(e),Lh,t),{calendar:i}=r,{year:a,month:o,day:s}=z(i,r),[c,l]=Fu(i,a,o),{year:u,month:d}=((e,t,n,r)=>{let i=e?e.v(t,n,r):yu(t,n);return i||M(`Cannot guess year`),i})(i,c,l,s);return W(qd(Lu(i,u,d,s)),i)}function Ah(e){let t=(e=>{let t=$h(e);return t?(ng(t[13]),eg(t,1)):void 0})(e=rd(e)),n;return t||(t=Xh(e),t?(t.fe||xh(e),t.F&&M(xc(`Z`)),Oh(t)):xh(e)),(n=Zh(e))&&Nu(n)&&xh(e),(n=Qh(e))&&Nu(n)&&xh(e),tf(Zl(t))}function jh(e){let t=(e=>{let t=Yh.exec(e);return t?(e=>{let t=0,n=0,r=0,i={years:a(e[2]),months:a(e[3]),weeks:a(e[4]),days:a(e[5]),hours:a(e[6],e[7],5),minutes:a(e[8],e[9],4),seconds:a(e[10],e[11],3),...yp(r,2,B)};return t||M(mc(B)),Bc(e[1])<0&&(i=Ep(i)),i;function a(e,i,a){let o=0,s=0;return a&&([o,r]=Kc(r,hl[a])),e!==void 0&&(n&&M(xc(e)),s=(e=>{let t=parseInt(e);return Number.isFinite(t)||M(xc(e)),t})(e),t=1,i&&(r=zc(i)*(hl[a]/dl),n=1)),o+s}})(t):void 0})(rd(e));return t||xh(e),nf(Op(t))}function Mh(e){let t=Xh(e)||Zh(e)||Qh(e);if(t)return t.calendarId;let n=$h(e);return n?ng(n[13]).calendarId:e}function Nh(e){let t=Xh(e);return t&&(t.timeZoneId||t.F&&`UTC`||t.offset)||e}function Ph(e){let t=Xh(e);return t&&!t.F||xh(e),t}function Fh(e,t,n){return t&&e.calendarId===`iso8601`?(Mu(e),e.fe&&Zl(e),Bh(t(e),n)):e.fe?zh(e,n):Bh(e,n)}function Ih(e){let t=12*e.year+e.month===Gd?20:1;return{...e,day:t}}function Lh(e){return{...e,year:1972}}function Rh(e,t,n){let r=ah(th(e.timeZoneId)),i;if(ju(e),e.fe){let t=e.offset?im(e.offset):void 0,[,o,s]=Vd(n);i=Nf(r,e,t,o,s,!(r._||e.offset===void 0||(a=e.offset,a.replace(/\D/g,``).length>4)),e.F)}else Vd(n),i=Ff(r,e);var a;return Xd(i),$d(i,r,t(e.calendarId))}function zh(e,t){return ju(e),Jd(e),{...H(e,e),calendar:t(e.calendarId)}}function Bh(e,t){return Mu(e),qd(e),{calendar:t(e.calendarId),year:e.year,month:e.month,day:e.day}}function Vh(e){return`(\\d{2})(?:(:?)(\\d{2})(?:\\${e}(\\d{2})(?:[.,](\\d{1,9}))?)?)?`}function Hh(e){return`([+-])`+Vh(e)}const Uh=`(?:(?:([+-])(\\d{6}))|(\\d{4}))(-?)(\\d{2})\\4(\\d{2})(?:[T ]`+Vh(8)+`(Z|`+Hh(15)+`)?)?`,Wh=Rc(`(?:(?:([+-])(\\d{6}))|(\\d{4}))-?(\\d{2})((?:\\[(!?)([^\\]]*)\\]){0,9})`),Gh=Rc(`(?:--)?(\\d{2})-?(\\d{2})((?:\\[(!?)([^\\]]*)\\]){0,9})`),Kh=Rc(Uh+`((?:\\[(!?)([^\\]]*)\\]){0,9})`),qh=Rc(`T?`+Vh(2)+`(${Hh(9)})?((?:\\[(!?)([^\\]]*)\\]){0,9})`),Jh=RegExp(`\\[(!?)([^\\]]*)\\]`,`g`),Yh=Rc(`([+-])?P(\\d+Y)?(\\d+M)?(\\d+W)?(\\d+D)?(?:T(?:(\\d+)(?:[.,](\\d{1,9}))?H)?(?:(\\d+)(?:[.,](\\d{1,9}))?M)?(?:(\\d+)(?:[.,](\\d{1,9}))?S)?)?`);function Xh(e){let t=Kh.exec(e);return t?(e=>{let t=e[12],n=(t||``).toUpperCase()===`Z`;return{year:tg(e),month:parseInt(e[5]),day:parseInt(e[6]),...eg(e,7),...ng(e[19]),fe:!!e[7],F:n,offset:n?void 0:t}})(t):void 0}function Zh(e){let t=Wh.exec(e);if(t)return(e=>({year:tg(e),month:parseInt(e[4]),day:1,...ng(e[5])}))(t)}function Qh(e){let t=Gh.exec(e);return t?(e=>({year:1972,month:parseInt(e[1]),day:parseInt(e[2]),...ng(e[3])}))(t):void 0}function $h(e){let t=qh.exec(e);if(t)return t[6]&&im(t[6]),t}function eg(e,t){let n=Vc(e[t+3]);return{...iu(zc(e[t+4]||``))[0],hour:Vc(e[t]),minute:Vc(e[t+2]),second:n===60?59:n}}function tg(e){let t=Bc(e[1]),n=parseInt(e[2]||e[3]);return t<0&&!n&&M(xc(-0)),t*n}function ng(e){let t,n,r=[];return e.replace(Jh,(e,i,a)=>{let o=!!i,[s,c]=a.split(`=`).reverse();return c?c===`u-ca`?(r.push(s.toLowerCase()),t||=o):(o||/[A-Z]/.test(c))&&M(xc(e)):(n&&M(xc(e)),n=s),``}),r.length>1&&t&&M(xc(e)),{timeZoneId:n,calendarId:r[0]||`iso8601`}}function rg(e,t,n){let r=Object.assign(Object.create(null),t);return ig(r,n,jl),Xp(e)&&(ig(r,n,Al),e&&e.le&&ig(r,n,Ml,kl)),r}function ig(e,t,n,r){let i=0,a=[];for(let e of n)t[e]===void 0?a.push(e):i=1;if(Object.assign(e,t),i)for(let t of r||a)delete e[t]}function ag(e,t,n){let{calendar:r,timeZone:i}=e,a=Zp(r,Wl,Gl),o=jf(e),{year:s,month:c,day:l}=z(r,o),u={year:s,monthCode:fg(r,s,c),day:l,hour:o.hour,minute:o.minute,second:o.second,millisecond:o.millisecond,microsecond:o.microsecond,nanosecond:o.nanosecond,offset:o.offsetNanoseconds},d=G(t,a,dm),f=rg(r,u,d),p={...u,...d},[m,h,g,_]=mm(r,f,()=>Vd(n,2));return $d(Nf(i,H(m,$l(p,h)),p.offset,g,_),i,r)}function og(e,t,n){let{calendar:r}=e,i=Zp(r,Hl,Ul),{year:a,month:o,day:s}=z(r,e),c={year:a,monthCode:fg(r,a,o),day:s,hour:e.hour,minute:e.minute,second:e.second,millisecond:e.millisecond,microsecond:e.microsecond,nanosecond:e.nanosecond},l=G(t,i,um),u=rg(r,c,l),d={...c,...l},[f,p]=mm(r,u,()=>[U(n)]);return fm(f,$l(d,p),r)}function sg(e,t,n){let{calendar:r}=e,i=Zp(r,Bl,Vl),{year:a,month:o,day:s}=z(r,e);return pm(r,rg(r,{year:a,monthCode:fg(r,a,o),day:s},G(t,i,om)),n)}function cg(e,t,n){let{calendar:r}=e,i=Zp(r,Fl,Il),{year:a,month:o}=z(r,e);return vm(r,rg(r,{year:a,monthCode:fg(r,a,o)},G(t,i,om)),n)}function lg(e,t,n){let{calendar:r}=e,i=Zp(r,Bl,Vl),{year:a,month:o,day:s}=z(r,e);return ym(r,rg(r,{monthCode:fg(r,a,o),day:s},G(t,i,om)),n)}function ug(e,t,n){return((e,t,n)=>nm({...Nc(Nl,e),...G(t,Nl,sm)},U(n)))(e,t,n)}function dg(e,t){return nf((n=e,r=t,Op({...n,...G(r,Yu,cm)})));var n,r}function fg(e,t,n){let[r,i]=Fu(e,t,n);return rl(r,i)}function pg(e,t,n){return $d(e.epochNanoseconds,t,n)}function mg(e){return Qd(e.epochNanoseconds)}function hg(e){return ef(jf(e),e.calendar)}function gg(e){return W(jf(e),e.calendar)}function _g(e){return tf(jf(e))}function vg(e,t,n){return $d(Xd(((e,t,n)=>Pf(e,t,(e=>kd(ic(e)))(n)))(t,e,n)),t,e.calendar)}function yg(e,t,n,r){let i=e(r.timeZone),a=r.plainTime,o=a===void 0?void 0:t(a),s=ah(i),c;return c=o?Pf(s,H(n,o)):Ff(s,H(n,Xl)),$d(c,s,n.calendar)}function bg(e,t,n){return wg(e,Nc(Zp(e,Ll,Rl),t),G(dc(n),Tl,om,[]))}function xg(e,t,n){let r=Zp(e,wl,Pl);return wg(e,Nc(zl,t),G(dc(n),r,om,[]))}function Sg(e,t){return ym(e,G(t,zl,om))}function Cg(e,t,n){return vm(e,G(t,Zp(e,Ll,Rl),om),n)}function wg(e,t,n){let r=Zp(e,Jl,Yl),i=rg(e,t,n);return i=G(i,r,om,[]),pm(e,i)}function Tg(e){return Qd(Xd(BigInt(ld(e))*_l))}function Eg(e){return Qd(Xd(cd(e)))}function Dg(e){return e.timeZone=`UTC`,[`full`,`long`].includes(e.timeStyle)&&(e.timeStyle=`medium`),e}function Og(e,t){return e.timeZone!==void 0&&N(`Cannot specify TimeZone`),e.timeZone=t,e}function kg(e,t,n){let r=e.resolvedOptions().calendar;!n&&t.calendar===void 0||el(t.calendar)===r||M(`Mismatching Calendars`)}function Ag(e,t,n,r,i){let a=new Set(e),o=new Set(t),s=new Set(n);return(e,t)=>{let n=((e,t,n,r)=>{let i={dateStyle:void 0,timeStyle:void 0,me:{},pe:{},xe:{},oe:0,ue:0};for(let a of Object.keys(e)){let o=e[a];o===void 0||r.has(a)||(t.has(a)?a===`dateStyle`?i.dateStyle=o:a===`timeStyle`?i.timeStyle=o:i.me[a]=o:a===`era`?i.pe[a]=o:n.has(a)?a===`dateStyle`||a===`timeStyle`?i.ue=1:i.oe=1:i.xe[a]=o)}return i})(e,a,o,s),c=n.dateStyle!==void 0,l=n.timeStyle!==void 0,u=c||l,d=Object.keys(n.me).length>0,f=n.oe||n.ue,p=d||c||l,m=Object.keys(n.pe).length>0,h=d||m||n.oe;(!t&&f||t&&f&&!p||u&&h)&&N(`Invalid formatting options`);let g={};return u||p||Object.assign(g,r),Object.assign(g,n.me,n.pe,n.xe),c&&(i?Object.assign(g,i[n.dateStyle]):g.dateStyle=n.dateStyle),l&&(g.timeStyle=n.timeStyle),g}}const jg={year:`numeric`,month:`numeric`,day:`numeric`},Mg={hour:`numeric`,minute:`numeric`,second:`numeric`},Ng=Object.assign({},jg,Mg),Pg=Object.assign({},Ng,{timeZoneName:`short`}),Fg={year:`numeric`,month:`numeric`},Ig={month:`numeric`,day:`numeric`},Lg=[`weekday`,`year`,`month`,`day`,`dateStyle`],Rg=[`dayPeriod`,`hour`,`minute`,`second`,`fractionalSecondDigits`,`timeStyle`],zg=Lg.concat(Rg),Bg=[`weekday`,`day`].concat(Rg),Vg=[`weekday`,`year`].concat(Rg),Hg=Ag(zg,[],[],Ng),Ug=Ag(zg,[],[],Pg),Wg=Ag(zg,[],[`timeZoneName`],Ng),Gg=Ag(Lg,Rg,[`timeZoneName`],jg),Kg=Ag(Rg,Lg,[`timeZoneName`,`era`],Mg),qg=Ag([`year`,`month`,`dateStyle`],Bg,[`timeZoneName`],Fg,{full:{year:`numeric`,month:`long`},long:{year:`numeric`,month:`long`},medium:{year:`numeric`,month:`short`},short:{year:`2-digit`,month:`numeric`}}),Jg=Ag([`month`,`day`,`dateStyle`],Vg,[`timeZoneName`,`era`],Ig,{full:{month:`long`,day:`numeric`},long:{month:`long`,day:`numeric`},medium:{month:`short`,day:`numeric`},short:{month:`numeric`,day:`numeric`}});function Yg(e,t){let{timeZone:n}=e,r=jf(e),{offsetNanoseconds:i}=r,a=t||Xl,o;return o=t?Nf(n,H(r,a),i,2):Ff(n,H(r,a)),$d(o,n,e.calendar)}function Xg(e){let t=Zg(),n=e.C(t);return mu(t+BigInt(n))}function Zg(){return BigInt(Date.now())*_l}function Qg(){return new bm().resolvedOptions().timeZone}const $g=`PlainYearMonth`,e_=`PlainMonthDay`,t_=`PlainDate`,n_=`PlainDateTime`,r_=`PlainTime`,i_=`ZonedDateTime`,a_=`Instant`,o_=`Duration`;function s_(e,t,n,...r){Object.defineProperties(t,Dc(e)),Object.defineProperties(t.prototype,kc(`Temporal.`+e));for(let e of r)c_(t.prototype,n,e);return t}function c_(e,t,n){Object.defineProperties(e,Ac(e=>({get(){return e(t(this))},configurable:1}),n))}const l_=Ic.name===`noop`?e=>{Object.defineProperty(e,"_str_",{value:e.toJSON()})}:Ic;function u_(){N(`Invalid calling context`)}function d_(){N(`Cannot use valueOf`)}const f_={era(e){return Iu(e.calendar,e).era},eraYear(e){return Iu(e.calendar,e).eraYear},year(e){return z(e.calendar,e).year},month(e){return z(e.calendar,e).month},monthCode(e){return Bu(e.calendar,e)}},p_={era(e){return Iu(e.calendar,e).era},eraYear(e){return Iu(e.calendar,e).eraYear},year(e){return z(e.calendar,e).year},month(e){return z(e.calendar,e).month},monthCode(e){return Bu(e.calendar,e)},day(e){return z(e.calendar,e).day}},m_={monthCode(e){return Bu(e.calendar,e)},day(e){return z(e.calendar,e).day}},h_={daysInMonth(e){return Uu(e.calendar,e)},daysInYear(e){return Wu(e.calendar,e)},monthsInYear(e){return Hu(e.calendar,e)},inLeapYear(e){return Vu(e.calendar,e)}},g_={dayOfWeek(e){return Eu(e)},dayOfYear(e){return Gu(e.calendar,e)},weekOfYear(e){return Ku(e.calendar,e)},yearOfWeek(e){return qu(e.calendar,e)},daysInWeek(){return 7},daysInMonth(e){return Uu(e.calendar,e)},daysInYear(e){return Wu(e.calendar,e)},monthsInYear(e){return Hu(e.calendar,e)},inLeapYear(e){return Vu(e.calendar,e)}};function __(e){return Mc(Object.keys(e))}__(h_),__(g_);function v_(e){let t=e.ve||0;function n(e){return e-t}function r(e){return e+t}return{l:e.l,ge:1972+t,le:e.le,ie(e){return{...e,year:r(e.year)}},je(e,t,r){return bu(n(e),t,r)},se(e,t,r){return pu(n(e),t,r)*cl},O(e,t){return vu(t)},v(e,t){let n=yu(e,t);return n&&{year:r(n.year),month:n.month}},u(e){return Cu(n(e))},k(){return 12},p(e,t){return xu(n(e),t)},j(e){return Su(n(e))},q(){},h(t){return e.h?.(t,r(t.year))||{}},N(e,t,i){let a=wu(n(e),t,i);return{year:r(a.year),month:a.month}},ne(e,t,r,i){return Tu(n(e),t,n(r),i)}}}function y_(e,t){let n=b_(e);return{m:t.m,Z:t.Z,X:t.X,ie:n.he,je:P(S_,n),se:P(C_,n),O:P(w_,n,t.m),v:P(j_,n,t.m,t.Ce),u:P(E_,n,t.m),k:P(k_,n),p:P(O_,n),j:P(D_,n),q:P(T_,n,t.m),h:P(A_,n),N:P(M_,n),ne:P(N_,n)}}function b_(e){let t=(e=>new bm(`en-u-hc-h23`,{calendar:e,timeZone:`UTC`,era:`short`,year:`numeric`,month:`short`,day:`numeric`}))(e);function n(e){return{...x_(n=xm(t,e)),month:0,Fe:n.month,day:parseInt(n.day)};var n}let r=(e=>{let t=e(0).year-1970;return Ec(function(n){let r=pu(n-t)*cl,i,a=0,o=[],s=[];do r+=400*cl;while((i=e(r)).year<=n);do r+=(1-i.day)*cl,i.year===n&&(o.push(r),s.push(i.Fe)),r-=cl,(++a>500||r<-864e13)&&M();while((i=e(r)).year>=n);return{$:o.reverse(),we:s.reverse()}})})(n);return{he:((e,t)=>Ec(n=>{let r=du(n),i=e(r);return{...i,month:P_(t,i.year,r)}},WeakMap))(n,r),K:r}}function x_(e){return{era:void 0,eraYear:void 0,year:parseInt(e.relatedYear||e.year)}}function S_(e,t,n,r){return hu(C_(e,t,n,r))}function C_(e,t,n=1,r=1){return e.K(t).$[n-1]+(r-1)*cl}function w_(e,t,n,r){let i=T_(e,t,n);return[al(r,i),i===r]}function T_(e,t,n){if(t===void 0)return;let r=e.K(n).we;if(r.length<=12)return;if(t<0)return-t;for(let e=1;e<r.length;e++)if(r[e]===r[e-1])return e+1;for(let e=0;e<r.length;e++)if(/bis$/i.test(r[e]))return e+1;let i=e.K(n-1).we;for(let e=0;e<r.length;e++)if(r[e]!==i[e])return e+1}function E_(e,t,n){if(t!==void 0)return k_(e,n)>12;let r=D_(e,n);return r>D_(e,n-1)||r>D_(e,n+1)}function D_(e,t){return _u(C_(e,t),C_(e,t+1))}function O_(e,t,n){let{$:r}=e.K(t),i=n+1,a=r;return i>r.length&&(i=1,a=e.K(t+1).$),_u(r[n-1],a[i-1])}function k_(e,t){return e.K(t).$.length}function A_(e,t){let n=e.he(t);return{era:n.era,eraYear:n.eraYear}}function j_(e,t,n,r,i,a){let o=n?.(r,i,a)||1972,{year:s,month:c,day:l}=e.he({year:o,month:12,day:31}),u=T_(e,t,s),d=al(c,u),f=c===u;(I(r,d)||I(Number(i),Number(f))||I(a,l))===1&&s--;for(let n=0;n<100;n++){let o=s-n,c=T_(e,t,o),l=il(r,i,c);if(i===(l===c)&&a<=O_(e,o,l))return{year:o,month:l}}}function M_(e,t,n,r){if(r){if(Number.isSafeInteger(n+=r)||M(`Out-of-bounds date`),r<0)for(;n<1;)n+=k_(e,--t);else{let r;for(;n>(r=k_(e,t));)n-=r,t++}}return{year:t,month:n}}function N_(e,t,n,r,i){let a=I(t,r)||I(n,i);if(!a)return 0;if(t===r)return i-n;if(a<0){let a=k_(e,t)-n+i;for(let n=t+1;n<r;n++)a+=k_(e,n);return a}return-N_(e,r,i,t,n)}function P_(e,t,n){let{$:r}=e(t);for(let e=r.length-1;e>=0;e--)if(n>=r[e])return e+1;M()}const F_=2440588;function I_(e){let t=e.J(2441683),n=Ec(t=>e.J(fu(t)+2440588),WeakMap);function r(t,n){let r=e.q?.(t);return[al(n,r),n===r]}return{l:e.l,m:e.m,Z:e.Z,X:e.X,ge:e.ge,te:e.te,ke:e.ke,ie:n,je(t,n,r){return gu(e.L(t,n,r)-2440588)},se(t,n=1,r=1){return(e.L(t,n,r)-2440588)*cl},O(t,n){return(e.O||r)(t,n)},v(n,i,a){return e.v?.(n,i,a)||((n,i,a)=>{i=!!i;let o=e.ge||t.year,[s,c]=r(t.year,t.month);(I(n,s)||I(Number(i),Number(c))||I(a,t.day))===1&&o--;for(let t=0;t<100;t++)for(let r of[o-t,o+t]){let t=e.q?.(r),o=il(n,i,t);if(o<=e.k(r)&&i===(o===t)&&a<=e.p(r,o))return{year:r,month:o}}})(n,i,a)},u:e.u,k:e.k,p:e.p,j:e.j,q:e.q||Ic,h(t){let r=n(t);return e.h?e.h(r):{era:r.era,eraYear:r.eraYear}},N(t,n,r){return((e,t,n,r)=>{if(r){if(Number.isSafeInteger(n+=r)||M(`Out-of-bounds date`),r<0)for(;n<1;)n+=e(--t);else{let r;for(;n>(r=e(t));)n-=r,t++}}return{year:t,month:n}})(e.k,t,n,r)},ne(t,n,r,i){return L_(e.k,t,n,r,i)}}}function L_(e,t,n,r,i){let a=I(t,r)||I(n,i);if(!a)return 0;if(t===r)return i-n;if(a<0){let a=e(t)-n+i;for(let n=t+1;n<r;n++)a+=e(n);return a}return-L_(e,r,i,t,n)}const R_={be:0},z_={m:13,Z:{1:0,2:29,8:29,9:29,10:29,11:29,12:0},X:30,Ce(e,t,n){if(t)switch(e){case 1:return 1651;case 2:return n<30?1947:1765;case 3:return n<30?1966:1955;case 4:return n<30?1963:1944;case 5:return n<30?1971:1952;case 6:return n<30?1960:1941;case 7:return n<30?1968:1938;case 8:return n<30?1957:1718;case 9:return 2014;case 10:return 1984;case 11:return n<29?2033:2034;case 12:return 1890}return 1972}};function B_(e){return y_(e,z_)}const V_={am:0},H_={am:0,aa:0},U_={aa:0};function W_(e,t,n=0,r=0){return I_({l:t,te(e,t,n){return t===`aa`&&r?e-5500:tm(e,n)},ke(e,t,n){return Sc(n,1,t||e!==13?30:6)},J(t){let[r,i,a]=((e,t)=>{let n=Math.floor((4*(t-e)+3)/1461),r=1+Math.floor((t-G_(e,n,1,1))/30);return[n,r,t+1-G_(e,n,r,1)]})(e,t);return{year:r+n,month:i,day:a}},L(t,r,i){return G_(e,t-n,r,i)},p(e,t){return((e,t)=>t%13==0?K_(e)+5:30)(e-n,t)},j(e){return 365+K_(e-n)},k(){return 13},u(e){return this.j(e)>365},h({year:e}){return n?{era:`aa`,eraYear:e}:r&&e<=0?{era:`aa`,eraYear:e+5500}:{era:`am`,eraYear:e}}})}function G_(e,t,n,r){return e+365*t+Math.floor(t/4)+30*(n-1)+r-1}function K_(e){return Math.floor(qc(e,4)/3)}const q_={am:0};function J_(e){return qc(7*e+1,19)<7}function Y_(e){let t=Math.floor((235*e-234)/19),n=29*t+Math.floor((12084+13753*t)/25920);return qc(3*(n+1),7)<3&&(n+=1),n}function X_(e){return Y_(e)+(e=>{let t=Y_(e-1),n=Y_(e);return Y_(e+1)-n===356?2:+(n-t===382)})(e)}function Z_(e){return X_(e+1)-X_(e)}function Q_(e,t){let n=t>=6&&!J_(e)?t+1:t;if(n===4||n===7||n===9||n===11||n===13)return 29;let r=(e=>{let t=Z_(e);return t>380&&(t-=30),t===353?0:t===354?1:2})(e);return n===2?r===2?30:29:n===3?r===0?29:30:n===6?J_(e)?30:0:30}const $_={shaka:0},ev=[1392,1390,1391,1392,1391,1392,1389,1392,1392,1390,1391,1390];function tv(e,t,n){return I_({l:{bh:-1,ah:0},J:e,L:t,p(e,t){return n&&av(e)?O_(n,e,t):((e,t)=>29+t%2+(t===12&&iv(e)?1:0))(e,t)},j(e){return n&&av(e)?D_(n,e):iv(e)?355:354},k(){return 12},u(e){return this.j(e)>354},v(e,t,r){let i=n&&!t&&r===30&&ev[e-1];return n&&i?{year:i,month:e}:void 0},h({year:e}){return e<1?{era:`bh`,eraYear:1-e}:{era:`ah`,eraYear:e}}})}function nv(e,t,n,r){return r+Math.ceil(29.5*(n-1))+354*(t-1)+Math.floor((3+11*t)/30)+e-1}function rv(e,t){let n=Math.floor((30*(t-e)+10646)/10631),r=Math.min(12,Math.ceil((t-(29+nv(e,n,1,1)))/29.5)+1);return{year:n,month:r,day:t-nv(e,n,r,1)+1}}function iv(e){return qc(14+11*e,30)<11}function av(e){return e>=1300&&e<=1600}function ov(e,t){let n=t-1948440;if(n<460322||n>=566987)return rv(1948440,t);let{year:r,month:i,day:a}=e.he(gu(t-F_));return{year:r,month:i,day:a}}function sv(e,t,n,r){return av(t)?C_(e,t,n,r)/cl+F_:nv(1948440,t,n,r)}const cv=Object.assign({},Qc,{meiji:1867,taisho:1911,showa:1925,heisei:1988,reiwa:2018});function lv(e){let t=fu(e),n=t>=18017?`reiwa`:t>=6947?`heisei`:t>=-15713?`showa`:t>=-20974?`taisho`:t>=-35428?`meiji`:void 0;return n?{era:n,eraYear:e.year-cv[n]}:Au(e)}const uv={ap:0},dv=[0,31,62,93,124,155,186,216,246,276,306,336];function fv(e){return qc(25*e+11,33)<8}const pv={broc:-1,roc:0},mv=/* @__PURE__ */ new Map([[`buddhist`,()=>v_({ve:543,l:R_,h(e,t){return{era:`be`,eraYear:t}}})],[`chinese`,B_],[`coptic`,()=>W_(1824665,V_)],[`dangi`,B_],[`ethiopic`,()=>W_(1723856,H_,0,1)],[`ethioaa`,()=>W_(1723856,U_,5500)],[`hebrew`,()=>I_({l:q_,m:-6,J(e){let t=e-347997,n=Math.floor((25920*t/765433*19+234)/235)+1,r=X_(n),i=Math.floor(t-r);for(;i<1;)n--,r=X_(n),i=Math.floor(t-r);let a=1,o=0;for(;o<i;)o+=Q_(n,a),a++;return a--,o-=Q_(n,a),{year:n,month:a,day:i-o}},L(e,t,n){let r=X_(e);for(let n=1;n<t;n++)r+=Q_(e,n);return r+n+347997},p:Q_,j:Z_,k(e){return J_(e)?13:12},u:J_,q(e){return J_(e)?6:void 0},O(e,t){return J_(e)&&t===6?[5,1]:[t-(J_(e)&&t>6?1:0),0]},v(e,t,n){return t&&e===5&&n<=30?{year:5730,month:6}:void 0},h({year:e}){return{era:`am`,eraYear:e}}})],[`indian`,function(){return I_({l:$_,J(e){let t=gu(e-F_),n=t.year-78,r=e-(pu(t.year,1,1)+F_),i;if(r<80?(n--,i=Cu(t.year-1)?31:30,r+=i+155+90+10):(i=Cu(t.year)?31:30,r-=80),r<i)return{year:n,month:1,day:r+1};let a=r-i;return a<155?{year:n,month:Math.floor(a/31)+2,day:a%31+1}:(a-=155,{year:n,month:Math.floor(a/30)+7,day:a%30+1})},L(e,t,n){let r=e+78,i,a;return Cu(r)?(i=31,a=pu(r,3,21)+F_):(i=30,a=pu(r,3,22)+F_),t===1||(a+=i+31*Math.min(t-2,5),t>=8&&(a+=30*(t-7))),a+n-1},p(e,t){return t===1&&Cu(e+78)||t>=2&&t<=6?31:30},j(e){return Cu(e+78)?366:365},k(){return 12},u(e){return this.j(e)>365},h({year:e}){return{era:`shaka`,eraYear:e}}})}],[`japanese`,()=>v_({l:cv,le:1,h:lv})],[`islamic-civil`,()=>tv(P(rv,1948440),P(nv,1948440))],[`islamic-tbla`,()=>tv(P(rv,1948439),P(nv,1948439))],[`islamic-umalqura`,e=>{let t=b_(e);return tv(P(ov,t),P(sv,t),t)}],[`persian`,()=>I_({l:uv,J(e){let t=e-1948320,n=1+Math.floor((33*t+3)/12053),r=t-(365*(n-1)+Math.floor((8*n+21)/33)),i=Math.floor(r<216?r/31:(r-6)/30);return{year:n,month:i+1,day:r-dv[i]+1}},L(e,t,n){return 1948319+365*(e-1)+Math.floor((8*e+21)/33)+dv[t-1]+n},p(e,t){return t<=6?31:t<=11||fv(e)?30:29},j(e){return fv(e)?366:365},k(){return 12},u:fv,h({year:e}){return{era:`ap`,eraYear:e}}})],[`roc`,()=>v_({ve:-1911,l:pv,h(e,t){return t<1?{era:`broc`,eraYear:1-t}:{era:`roc`,eraYear:t}}})]]),hv={islamic:1,"islamic-rgsa":1},gv={"ethiopic-amete-alem":`ethioaa`,islamicc:`islamic-civil`},_v=Ec((e,t)=>{let n=t(e);return n.id=e,n});function vv(e){let t=yv(e);return t||M(vc(e)),_v(...t)}function yv(e){hv[e]&&M(vc(e));let t=gv[e]||e,n=mv.get(t);return n&&[t,n]}function bv(e){let t=rd(e).toLowerCase();return t===`iso8601`?void 0:t===`gregory`?0:vv(t)}function xv(e=`iso8601`){return bv(e)}const Sv=/* @__PURE__ */ new WeakMap,Cv=s_(i_,class{constructor(e,t,n=void 0){let r=Xd(cd(e)),i=ah(eh(t)),a=xv(n);Ov(this,$d(r,i,a))}static from(e,t=void 0){return wv(Dv(e,t))}static compare(e,t){return Rp(Dv(e),Dv(t))}get calendarId(){return el(K(this).calendar)}get timeZoneId(){return K(this).timeZone.id}get epochMilliseconds(){return rf(K(this))}get epochNanoseconds(){return af(K(this))}get offset(){return Gm(jf(K(this)).offsetNanoseconds)}get offsetNanoseconds(){return jf(K(this)).offsetNanoseconds}get hoursInDay(){return pf(K(this))}with(e,t=void 0){return wv(ag(K(this),$v(e),t))}withCalendar(e){return wv({...K(this),calendar:wy(e)})}withTimeZone(e){return wv({...K(this),timeZone:ah(kv(e))})}withPlainTime(e=void 0){return wv(Yg(K(this),oy(e)))}add(e,t=void 0){return wv(Rf(K(this),J(e),t))}subtract(e,t=void 0){return wv(Rf(K(this),Ep(J(e)),t))}until(e,t=void 0){let n=K(this),r=Dv(e);return q(nf(Zf(0,qf(n.calendar,r.calendar),n,r,t)))}since(e,t=void 0){let n=K(this),r=Dv(e);return q(nf(Zf(1,qf(n.calendar,r.calendar),n,r,t)))}round(e){let t=K(this),[n,r,i]=Bd(e);return wv(ff(t,n,r,i))}startOfDay(){return wv(mf(K(this)))}equals(e){return Wp(K(this),Dv(e))}toInstant(){return Mv(mg(K(this)))}toPlainDateTime(){return uy(hg(K(this)))}toPlainDate(){return _y(gg(K(this)))}toPlainTime(){return ny(_g(K(this)))}toLocaleString(e=void 0,t={}){let n=K(this),r=new bm(e,Og(Ug(t),Yf(n)));return kg(r,n),r.format(rf(n))}toString(e=void 0){return km(K(this),e)}toJSON(){return km(K(this))}getTimeZoneTransition(e){let t=K(this),n=Af(t,e);return n?wv({...t,epochNanoseconds:n}):null}valueOf(){return d_()}},Tv,p_,g_,Cl);function wv(e){return Ov(Object.create(Cv.prototype),e)}function K(e){return Ev(e)||u_()}function Tv(e){let t=K(e);return{...jf(t),calendar:t.calendar}}function Ev(e){return Sv.get(e)}function Dv(e,t){if(Cc(e)){let n=Ev(e);return n?(Vd(t),n):mh(kv,Sy(e),e,t)}return wh(e,bv,t)}function Ov(e,t){return Sv.set(e,t),l_(e),e}function kv(e){if(Cc(e)){let t=Ev(e);return t||N(yc(e)),t.timeZone.id}return(e=>th(Nh(rd(e))))(e)}const Av=/* @__PURE__ */ new WeakMap,jv=s_(a_,class{constructor(e){let t=Xd(cd(e));Lv(this,Qd(t))}static from(e){return Mv(Fv(e))}static fromEpochMilliseconds(e){return Mv(Tg(e))}static fromEpochNanoseconds(e){return Mv(Eg(e))}static compare(e,t){return Lp(Fv(e),Fv(t))}get epochMilliseconds(){return rf(Nv(this))}get epochNanoseconds(){return af(Nv(this))}add(e){return Mv(Qd(Lf(Nv(this).epochNanoseconds,J(e))))}subtract(e){return Mv(Qd(Lf(Nv(this).epochNanoseconds,Ep(J(e)))))}until(e,t=void 0){return q(Xf(0,Nv(this),Fv(e),t))}since(e,t=void 0){return q(Xf(1,Nv(this),Fv(e),t))}round(e){let t=Nv(this),[n,r,i]=Bd(e,5,1);return Mv(Qd(Cf(t.epochNanoseconds,yf(n,r),i)))}equals(e){return Up(Nv(this),Fv(e))}toZonedDateTimeISO(e){return wv(pg(Nv(this),ah(kv(e))))}toLocaleString(e=void 0,t={}){let n=Nv(this);return new bm(e,Hg(t)).format(rf(n))}toString(e=void 0){return Om(kv,Nv(this),e)}toJSON(){return Om(kv,Nv(this))}valueOf(){return d_()}});function Mv(e){return Lv(Object.create(jv.prototype),e)}function Nv(e){return Pv(e)||u_()}function Pv(e){return Av.get(e)}function Fv(e){if(Cc(e)){let t=Pv(e);if(t)return t;let n=Ev(e);if(n)return Qd(n.epochNanoseconds)}return Sh(e)}const{toTemporalInstant:Iv}={toTemporalInstant(){let e=Date.prototype.valueOf.call(this);return Mv(Qd(BigInt(ad(e))*_l))}};function Lv(e,t){return Av.set(e,t),l_(e),e}const Rv=/* @__PURE__ */ new WeakMap,zv=s_(e_,class{constructor(e,t,n=void 0,r){let i=oc(e),a=oc(t),o=xv(n),s=qd(Mu({year:oc(r??1972),month:i,day:a}));Wv(this,W(s,o))}static from(e,t=void 0){return Bv(Uv(e,t))}get calendarId(){return el(Vv(this).calendar)}with(e,t=void 0){return Bv(lg(Vv(this),$v(e),t))}equals(e){return Jp(Vv(this),Uv(e))}toPlainDate(e){return _y(xg(Vv(this).calendar,this,e))}toLocaleString(e=void 0,t={}){let n=Vv(this),r=new bm(e,Dg(Jg(t)));return kg(r,n,1),r.format(du(n))}toString(e=void 0){return Nm(Vv(this),e)}toJSON(){return Nm(Vv(this))}valueOf(){return d_()}},Vv,m_);function Bv(e){return Wv(Object.create(zv.prototype),e)}function Vv(e){return Hv(e)||u_()}function Hv(e){return Rv.get(e)}function Uv(e,t){if(Cc(e)){let n=Hv(e);if(n)return U(t),n;let r=Cy(e);return vh(r===void 0?void 0:r,r===void 0,e,t)}let n=kh(e,bv);return U(t),n}function Wv(e,t){return Rv.set(e,t),l_(e),e}const Gv=/* @__PURE__ */ new WeakMap,Kv=s_($g,class{constructor(e,t,n=void 0,r){let i=oc(e),a=oc(t),o=xv(n),s=Kd(Mu({year:i,month:a,day:oc(r??1)}));Zv(this,W(s,o))}static from(e,t=void 0){return qv(Xv(e,t))}static compare(e,t){return Vp(Xv(e),Xv(t))}get calendarId(){return el(Jv(this).calendar)}with(e,t=void 0){return qv(cg(Jv(this),$v(e),t))}add(e,t=void 0){let n=Jv(this);return qv(W(If(0,n.calendar,n,J(e),t),n.calendar))}subtract(e,t=void 0){let n=Jv(this);return qv(W(If(1,n.calendar,n,J(e),t),n.calendar))}until(e,t=void 0){let n=Jv(this),r=Xv(e);return q(ep(0,qf(n.calendar,r.calendar),n,r,t))}since(e,t=void 0){let n=Jv(this),r=Xv(e);return q(ep(1,qf(n.calendar,r.calendar),n,r,t))}equals(e){return qp(Jv(this),Xv(e))}toPlainDate(e){return _y(bg(Jv(this).calendar,this,e))}toLocaleString(e=void 0,t={}){let n=Jv(this),r=new bm(e,Dg(qg(t)));return kg(r,n,1),r.format(du(n))}toString(e=void 0){return Mm(Jv(this),e)}toJSON(){return Mm(Jv(this))}valueOf(){return d_()}},Jv,f_,h_);function qv(e){return Zv(Object.create(Kv.prototype),e)}function Jv(e){return Yv(e)||u_()}function Yv(e){return Gv.get(e)}function Xv(e,t){if(Cc(e)){let n=Yv(e);return n?(U(t),n):_h(Sy(e),e,t)}let n=Dh(e,bv);return U(t),n}function Zv(e,t){return Gv.set(e,t),l_(e),e}function Qv(e){if(!Cc(e))return;let t=Pv(e);return t?[a_,t]:(t=Ev(e),t?[i_,t]:(t=fy(e),t?[n_,t]:(t=yy(e),t?[t_,t]:(t=iy(e),t?[r_,t]:(t=Yv(e),t?[$g,t]:(t=Hv(e),t?[e_,t]:(t=Oy(e),t?[o_,t]:void 0)))))))}function $v(e){return(Qv(e)||e.calendar!==void 0||e.timeZone!==void 0)&&N(`Invalid bag`),e}const ey=/* @__PURE__ */ new WeakMap,ty=s_(r_,class{constructor(e=0,t=0,n=0,r=0,i=0,a=0){sy(this,Zl(Ac(oc,{hour:e,minute:t,second:n,millisecond:r,microsecond:i,nanosecond:a})))}static from(e,t=void 0){return ny(ay(e,t))}static compare(e,t){return Hp(ay(e),ay(t))}with(e,t=void 0){return ny(ug(ry(this),$v(e),t))}add(e){return ny(Hf(ry(this),J(e))[0])}subtract(e){return ny(Hf(ry(this),Ep(J(e)))[0])}until(e,t=void 0){return q(np(0,ry(this),ay(e),t))}since(e,t=void 0){return q(np(1,ry(this),ay(e),t))}round(e){let t=ry(this),[n,r,i]=Bd(e,5);return ny(gf(t,vf(n,r),i)[0])}equals(e){return Yp(ry(this),ay(e))}toLocaleString(e=void 0,t={}){let n=ry(this);return new bm(e,Dg(Kg(t))).format(tu(n))}toString(e=void 0){return Fm(ry(this),e)}toJSON(){return Fm(ry(this))}valueOf(){return d_()}},ry,Cl);function ny(e){return sy(Object.create(ty.prototype),e)}function ry(e){return iy(e)||u_()}function iy(e){return ey.get(e)}function ay(e,t){if(Cc(e)){let n=iy(e);if(n)return U(t),n;let r=fy(e);if(r)return U(t),tf(r);let i=Ev(e);return i?(U(t),_g(i)):yh(e,t)}let n=Ah(e);return U(t),n}function oy(e){return e===void 0?void 0:ay(e)}function sy(e,t){return ey.set(e,t),l_(e),e}const cy=/* @__PURE__ */ new WeakMap,ly=s_(n_,class{constructor(e,t,n,r=0,i=0,a=0,o=0,s=0,c=0,l=void 0){let u=Jd(ju(Ac(oc,{year:e,month:t,day:n,hour:r,minute:i,second:a,millisecond:o,microsecond:s,nanosecond:c}))),d=xv(l);my(this,ef(u,d))}static from(e,t=void 0){return uy(py(e,t))}static compare(e,t){return Bp(py(e),py(t))}get calendarId(){return el(dy(this).calendar)}with(e,t=void 0){return uy(og(dy(this),$v(e),t))}withCalendar(e){return uy(ef(dy(this),wy(e)))}withPlainTime(e=void 0){let t=dy(this);return uy(fm(t,oy(e),t.calendar))}add(e,t=void 0){let n=dy(this);return uy(ef(zf(n.calendar,n,J(e),t),n.calendar))}subtract(e,t=void 0){let n=dy(this);return uy(ef(zf(n.calendar,n,Ep(J(e)),t),n.calendar))}until(e,t=void 0){let n=dy(this),r=py(e);return q(Qf(0,qf(n.calendar,r.calendar),n,r,t))}since(e,t=void 0){let n=dy(this),r=py(e);return q(Qf(1,qf(n.calendar,r.calendar),n,r,t))}round(e){let t=dy(this),[n,r,i]=Bd(e);return uy(ef(hf(t,vf(n,r),i),t.calendar))}equals(e){return Gp(dy(this),py(e))}toZonedDateTime(e,t=void 0){return wv(vg(dy(this),ah(kv(e)),t))}toPlainDate(){let e=dy(this);return _y(W(e,e.calendar))}toPlainTime(){return ny(tf(dy(this)))}toLocaleString(e=void 0,t={}){let n=dy(this),r=new bm(e,Dg(Wg(t)));return kg(r,n),r.format(lu(n))}toString(e=void 0){return Am(dy(this),e)}toJSON(){return Am(dy(this))}valueOf(){return d_()}},dy,p_,g_,Cl);function uy(e){return my(Object.create(ly.prototype),e)}function dy(e){return fy(e)||u_()}function fy(e){return cy.get(e)}function py(e,t){if(Cc(e)){let n=fy(e);if(n)return U(t),n;let r=yy(e);if(r)return U(t),ef(H(r,Xl),r.calendar);let i=Ev(e);return i?(U(t),hg(i)):hh(Sy(e),e,t)}let n=Th(e,bv);return U(t),n}function my(e,t){return cy.set(e,t),l_(e),e}const hy=/* @__PURE__ */ new WeakMap,gy=s_(t_,class{constructor(e,t,n,r=void 0){let i=qd(Mu(Ac(oc,{year:e,month:t,day:n}))),a=xv(r);xy(this,W(i,a))}static from(e,t=void 0){return _y(by(e,t))}static compare(e,t){return Vp(by(e),by(t))}get calendarId(){return el(vy(this).calendar)}with(e,t=void 0){return _y(sg(vy(this),$v(e),t))}withCalendar(e){return _y(W(vy(this),wy(e)))}add(e,t=void 0){let n=vy(this);return _y(W(Bf(n.calendar,n,J(e),t),n.calendar))}subtract(e,t=void 0){let n=vy(this);return _y(W(Bf(n.calendar,n,Ep(J(e)),t),n.calendar))}until(e,t=void 0){let n=vy(this),r=by(e);return q($f(0,qf(n.calendar,r.calendar),n,r,t))}since(e,t=void 0){let n=vy(this),r=by(e);return q($f(1,qf(n.calendar,r.calendar),n,r,t))}equals(e){return Kp(vy(this),by(e))}toZonedDateTime(e){let t=Cc(e)?{timeZone:e.timeZone,plainTime:e.plainTime}:{timeZone:e};return wv(yg(kv,ay,vy(this),t))}toPlainDateTime(e=void 0){let t=vy(this);return uy(fm(t,oy(e),t.calendar))}toPlainYearMonth(){return qv(Cg(vy(this).calendar,this))}toPlainMonthDay(){return Bv(Sg(vy(this).calendar,this))}toLocaleString(e=void 0,t={}){let n=vy(this),r=new bm(e,Dg(Gg(t)));return kg(r,n),r.format(du(n))}toString(e=void 0){return jm(vy(this),e)}toJSON(){return jm(vy(this))}valueOf(){return d_()}},vy,p_,g_);function _y(e){return xy(Object.create(gy.prototype),e)}function vy(e){return yy(e)||u_()}function yy(e){return hy.get(e)}function by(e,t){if(Cc(e)){let n=yy(e);if(n)return U(t),n;let r=fy(e);if(r)return U(t),W(r,r.calendar);let i=Ev(e);return i?(U(t),gg(i)):gh(Sy(e),e,t)}let n=Eh(e,bv);return U(t),n}function xy(e,t){return hy.set(e,t),l_(e),e}function Sy(e){let t=Cy(e);return t===void 0?void 0:t}function Cy(e){let{calendar:t}=e;if(t!==void 0)return wy(t)}function wy(e){if(Cc(e)){let t=yy(e)||fy(e)||Ev(e)||Hv(e)||Yv(e);return t||N(vc(e)),t.calendar}return(e=>bv(Mh(rd(e))))(e)}const Ty=/* @__PURE__ */ new WeakMap,Ey=s_(o_,class{constructor(e=0,t=0,n=0,r=0,i=0,a=0,o=0,s=0,c=0,l=0){let u=Op(Ac(ld,{years:e,months:t,weeks:n,days:r,hours:i,minutes:a,seconds:o,milliseconds:s,microseconds:c,nanoseconds:l}));Ay(this,nf(u))}static from(e){return q(J(e))}static compare(e,t,n=void 0){return zp(ky,J(e),J(t),n)}get sign(){return Dy(this).sign}get blank(){return!Dy(this).sign}with(e){return q(dg(Dy(this),e))}negated(){return q(Tp(Dy(this)))}abs(){return q(wp(Dy(this)))}add(e,t=void 0){return q(xp(ky,0,Dy(this),J(e),t))}subtract(e,t=void 0){return q(xp(ky,1,Dy(this),J(e),t))}round(e){return q(Cp(ky,Dy(this),e))}total(e){return of(ky,Dy(this),e)}toLocaleString(e=void 0,t){let n=Dy(this);return Intl.DurationFormat?new Intl.DurationFormat(e,t).format(n):Im(n,t)}toString(e=void 0){return Im(Dy(this),e)}toJSON(){return Im(Dy(this))}valueOf(){return d_()}},Dy,Ju);function q(e){return Ay(Object.create(Ey.prototype),e)}function Dy(e){return Oy(e)||u_()}function Oy(e){return Ty.get(e)}function J(e){return Cc(e)?Oy(e)||bh(e):jh(e)}function ky(e){if(e!==void 0){if(Cc(e)){let t=Ev(e);if(t)return t;let n=yy(e);if(n)return n;let r=fy(e);return r?W(r,r.calendar):ph(kv,Sy(e),e)}return Ch(e,bv)}}function Ay(e,t){return Ty.set(e,t),l_(e),e}const jy=Object.defineProperties({},{...kc(`Temporal.Now`),...Oc({timeZoneId(){return Qg()},instant(){return Mv(Qd(Zg()))},zonedDateTimeISO(e=Qg()){let t=ah(kv(e));return wv($d(Zg(),t))},plainDateTimeISO(e=Qg()){return uy(ef(Xg(ah(kv(e)))))},plainDateISO(e=Qg()){return _y(W(Xg(ah(kv(e)))))},plainTimeISO(e=Qg()){return ny(tf(Xg(ah(kv(e)))))}})}),My=Object.defineProperties({},{...kc(`Temporal`),...Oc({PlainYearMonth:Kv,PlainMonthDay:zv,PlainDate:gy,PlainTime:ty,PlainDateTime:ly,ZonedDateTime:Cv,Instant:jv,Duration:Ey,Now:jy})}),Y=globalThis.Temporal??My,Ny=Y!==My,Py=1e3,Fy=864e5,Iy=400*Fy,Ly=108e6,Ry=864e13;function zy(e){if(e===`UTC`||e===`Etc/UTC`||e===`Etc/GMT`)return 0;let t=/^([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?$/.exec(e);return t?(t[1]===`-`?-1:1)*((Number(t[2])*60+Number(t[3]))*60+Number(t[4]??0))*Py:null}var By=class{constructor(e){this.tzid=e,this.transitions=[],this.offsets=[],this.coverStart=0,this.coverEnd=0,this.covered=!1,this.fixedOffsetMs=zy(e)}zonedAt(e){return new Y.ZonedDateTime(BigInt(e)*1000000n,this.tzid)}ensureCoverage(e,t){if(this.fixedOffsetMs!==null||this.covered&&e>=this.coverStart&&t<=this.coverEnd)return;let n=!this.covered||e<this.coverStart?e-Iy:this.coverStart,r=!this.covered||t>this.coverEnd?t+Iy:this.coverEnd;if(n=Math.max(n,Math.min(e,-864e13)),r=Math.min(r,Math.max(t,Ry)),n=Math.floor(n/Py)*Py,r=Math.ceil(r/Py)*Py,this.covered){if(n<this.coverStart){let e=this.scan(n,this.coverStart);this.transitions=e.transitions.concat(this.transitions),this.offsets=e.offsets.concat(this.offsets.slice(1))}if(r>this.coverEnd){let e=this.scan(this.coverEnd,r);this.transitions=this.transitions.concat(e.transitions),this.offsets=this.offsets.concat(e.offsets.slice(1))}}else{let e=this.scan(n,r);this.transitions=e.transitions,this.offsets=e.offsets}this.coverStart=n,this.coverEnd=r,this.covered=!0}scan(e,t){let n=this.zonedAt(e),r=[],i=[n.offsetNanoseconds/1e6];for(;;){let e=n.getTimeZoneTransition(`next`);if(e){if(e.epochMilliseconds>t)break;r.push(e.epochMilliseconds),i.push(e.offsetNanoseconds/1e6),n=e;continue}if(Ny)break;let a=Math.ceil((Math.max(n.epochMilliseconds,Date.now())+15552e6)/Py)*Py;if(a>=t||a>Ry)break;let o=this.zonedAt(a),s=i[i.length-1];if(o.offsetNanoseconds/1e6!==s){let e=n.epochMilliseconds,t=a;for(;t-e>Py;){let n=e+Math.floor((t-e)/2/Py)*Py;n<=e&&(n=e+Py),this.zonedAt(n).offsetNanoseconds/1e6===s?e=n:t=n}r.push(t),i.push(this.zonedAt(t).offsetNanoseconds/1e6)}n=o}return{transitions:r,offsets:i}}offsetMsAt(e){if(this.fixedOffsetMs!==null)return this.fixedOffsetMs;this.ensureCoverage(e,e);let t=this.transitions,n=0,r=t.length;for(;n<r;){let i=n+r>>1;t[i]<=e?n=i+1:r=i}return this.offsets[n]}nextTransitionAfter(e,t){if(this.fixedOffsetMs!==null)return;this.ensureCoverage(e,t);let n=this.transitions,r=0,i=n.length;for(;r<i;){let t=r+i>>1;n[t]<=e?r=t+1:i=t}let a=n[r];return a!==void 0&&a<=t?a:void 0}epochMsForWall(e){if(this.fixedOffsetMs!==null)return{epochMs:e-this.fixedOffsetMs,pushed:!1};this.ensureCoverage(e-Ly,e+Ly);let t=this.offsetMsAt(e-Ly),n=e-t;if(this.offsetMsAt(n)===t)return{epochMs:n,pushed:!1};let r=this.offsetMsAt(e+Ly),i=e-r;return this.offsetMsAt(i)===r?{epochMs:i,pushed:!1}:{epochMs:n,pushed:!0}}timeOfDayMayHitGap(e,t,n){if(this.fixedOffsetMs!==null)return!1;this.ensureCoverage(t,n);let r=this.transitions,i=0,a=r.length;for(;i<a;){let e=i+a>>1;r[e]<t?i=e+1:a=e}for(let t=i;t<r.length&&r[t]<=n;t++){let n=r[t],i=this.offsets[t],a=this.offsets[t+1]-i;if(a<=0)continue;let o=e-((n+i)%Fy+Fy)%Fy;if(o>=0?o<a:o+Fy<a)return!0}return!1}};const Vy=/* @__PURE__ */ new Map;function Hy(e){let t=Vy.get(e);return t||(t=new By(e),Vy.set(e,t)),t}const Uy=[`YEARLY`,`MONTHLY`,`WEEKLY`,`DAILY`,`HOURLY`,`MINUTELY`,`SECONDLY`],Wy=[`MO`,`TU`,`WE`,`TH`,`FR`,`SA`,`SU`],X={MO:1,TU:2,WE:3,TH:4,FR:5,SA:6,SU:7},Gy=new Set(Uy),Ky=new Set(Wy),qy=RegExp(`^([+-]?\\d{1,2})?(${Wy.join(`|`)})$`),Jy=RegExp(`(${Wy.join(`|`)})$`),Yy=1e3,Xy=60*Yy,Zy=60*Xy,Z=24*Zy,Qy=7*Z,$y=[31,28,31,30,31,30,31,31,30,31,30,31],eb=[0,3,2,5,0,3,5,1,4,6,2,4],Q=BigInt(1e6),tb=BigInt(1e9),nb=BigInt(60)*tb,rb=BigInt(60)*nb,ib=BigInt(24)*rb,ab=BigInt(7)*ib,ob=1e3;function sb(e,t){let n=Math.abs(e),r=Math.abs(t);for(;r!==0;){let e=n%r;n=r,r=e}return n}function cb(e){let t=0;for(let n of e??[])t|=1<<n-1;return t}function lb(e,t){return e===0||!!(e&1<<t-1)}function ub(e,t){let n=e/t;return e%t<0n?n-1n:n}function db(e,t){return-ub(-e,t)}function fb(e,t){return Number(t?ub(e,Q)+1n:db(e,Q))}function pb(e,t){return Number(t?db(e,Q)-1n:ub(e,Q))}function mb(e){return Number.isSafeInteger(e)&&e>=-864e13&&e<=864e13}function hb(e,t,n){let r=e-+(t<=2),i=Math.floor(r/400),a=r-i*400,o=t+(t>2?-3:9),s=Math.floor((153*o+2)/5)+n-1,c=a*365+Math.floor(a/4)-Math.floor(a/100)+s;return i*146097+c-719468}function gb(e){let t=e+719468,n=Math.floor(t/146097),r=t-n*146097,i=Math.floor((r-Math.floor(r/1460)+Math.floor(r/36524)-Math.floor(r/146096))/365),a=r-(365*i+Math.floor(i/4)-Math.floor(i/100)),o=Math.floor((5*a+2)/153),s=o+(o<10?3:-9);return{year:i+n*400+ +(s<=2),month:s}}function _b(e){return((e+3)%7+7)%7+1}function vb(e,t){return(e-1+t%7+7)%7+1}function yb(e){let t=e.toUpperCase().match(Jy)?.[1];return!t||!Ky.has(t)?null:t}function bb(e){let t=e.toUpperCase().match(qy);if(!t)return null;let n=t[1]?parseInt(t[1],10):0,r=t[2];return!r||!Ky.has(r)?null:{ord:n,weekday:r}}function xb(e){return typeof e==`object`&&!!e&&typeof e.timeZoneId==`string`&&typeof e.toString==`function`}function Sb(e){let t=e.epochNanoseconds;return typeof t==`bigint`?t:void 0}function Cb(e,t){if(!xb(e))throw Error(`${t} must be a ZonedDateTime`);if(e instanceof Y.ZonedDateTime)return e;try{let t=Sb(e);if(t!==void 0){let n=e.calendarId;return new Y.ZonedDateTime(t,e.timeZoneId,typeof n==`string`?n:`iso8601`)}return Y.ZonedDateTime.from(e.toString())}catch{throw Error(`${t} must be a ZonedDateTime`)}}function wb(e,t){if(e instanceof Date){let t=e.getTime();return Number.isFinite(t)||e.toISOString(),BigInt(t)*Q}if(!xb(e))throw Error(`${t} must be a ZonedDateTime`);return Sb(e)??Cb(e,t).epochNanoseconds}function Tb(e,t){if(e?.length)return e.map(e=>Cb(e,t))}function Eb(e){return typeof e.rruleString==`string`}function Db(e,t){let n=[...e??[],...Tb(t,`Manual date`)??[]];return n.length>0?n:void 0}function Ob(e){return e.replace(/\r?\n[ \t]/g,``)}function kb(e,t,n){let r=n===`DATE`||!e.includes(`T`),i=`${e.slice(0,4)}-${e.slice(4,6)}-${e.slice(6,8)}`;if(r)return Y.PlainDate.from(i).toZonedDateTime({timeZone:t});if(e.endsWith(`Z`)){let n=`${i}T${e.slice(9,15)}Z`;return Y.Instant.from(n).toZonedDateTimeISO(t||`UTC`)}{let n=`${i}T${e.slice(9)}`;return Y.PlainDateTime.from(n).toZonedDateTime(t)}}function Ab(e,t,n){let r=[];for(let i of e){let e=jb(i,t);if(!e)continue;let a=e.tzid||n,o=e.value.split(`,`);r.push(...o.map(t=>kb(t,a,e.valueType)))}return r}function jb(e,t){let n=e.indexOf(`:`);if(n===-1)return null;let r=e.slice(0,n),i=e.slice(n+1),[a,...o]=r.split(`;`);if(a?.toUpperCase()!==t)return null;let s,c;for(let e of o){let t=e.indexOf(`=`);if(t===-1)continue;let n=e.slice(0,t).toUpperCase(),r=e.slice(t+1),i=r.startsWith(`"`)&&r.endsWith(`"`)?r.slice(1,-1):r;n===`VALUE`?s=i.toUpperCase():n===`TZID`&&(c=i)}return{valueType:s,tzid:c,value:i}}function Mb(e,t,n){let r=e.trim();if(n&&!/^[+-]?\d+$/.test(r))throw Error(`Invalid ${t} value: ${e}`);return parseInt(r,10)}function Nb(e,t=!1,n=!1,r=`number`){let i=e.split(`,`).map(e=>Mb(e,r,n));return t?i.sort((e,t)=>e-t):i}function Pb(e,t=!1){return e.split(`,`).map(e=>{let n=e.trim();if(/^\d+L$/i.test(n))return n.toUpperCase();let r=Mb(n,`BYMONTH`,t);return Number.isFinite(r)?r:n})}function Fb(e,t,n,r=!1){let i=Ob(e).trim(),a,o=t,s=`DATE-TIME`,c=!1,l=!1,u,d=[],f=[];if(/^DTSTART/im.test(i)){let e=i.split(/\s+/),n=e.find(e=>e.match(/^DTSTART/i)),r=e.find(e=>e.match(/^RRULE:/i)),p=e.filter(e=>e.match(/^EXDATE/i)),m=e.filter(e=>e.match(/^RDATE/i)),h=jb(n,`DTSTART`);if(!h)throw Error(`Invalid DTSTART in ICS snippet`);let{valueType:g,tzid:_,value:v}=h;s=(g||(v?.includes(`T`)?`DATE-TIME`:`DATE`)).toUpperCase()===`DATE`?`DATE`:`DATE-TIME`,c=!!_,l=!!v?.endsWith(`Z`),a=kb(v,_??t??o??`UTC`,s),o=_??a.timeZoneId??t??o??`UTC`,u=r,d=Ab(p,`EXDATE`,o??`UTC`),f=Ab(m,`RDATE`,o??`UTC`)}else a=n?Cb(n,`dtstart`):void 0,u=i,a&&(o=a.timeZoneId,s=`DATE-TIME`,c=!0,l=a.timeZoneId===`UTC`);let p=u?u.replace(/^RRULE:/i,``).split(`;`):[],m={dtstart:a,tzid:o,exDate:d.length>0?d:void 0,rDate:f.length>0?f:void 0},h;for(let e of p){let[t,n]=e.split(`=`);if(t)switch(t.toUpperCase()){case`RSCALE`:n&&(m.rscale=n.toUpperCase(),h&&!m.skip&&(m.skip=h,h=void 0));break;case`SKIP`:{let e=(n||``).toUpperCase();if(![`OMIT`,`BACKWARD`,`FORWARD`].includes(e))throw Error(`Invalid SKIP value: ${n}`);m.rscale?m.skip=e:h=e;break}case`FREQ`:m.freq=n.toUpperCase();break;case`INTERVAL`:m.interval=Mb(n,`INTERVAL`,r);break;case`COUNT`:m.count=Mb(n,`COUNT`,r);break;case`UNTIL`:{let e=n.includes(`T`);if(s===`DATE`){if(e)throw Error(`UNTIL rule part MUST have the same value type as DTSTART`);m.until=kb(n,o||`UTC`,`DATE`);break}if(!e){if(r)throw Error(`UNTIL rule part MUST have the same value type as DTSTART`);let e=kb(n,o||`UTC`,`DATE`).with({hour:23,minute:59,second:59,millisecond:0,microsecond:0,nanosecond:0});m.until=c||l?e.withTimeZone(`UTC`):e;break}if((c||l)&&!n.endsWith(`Z`))throw Error(`UNTIL rule part MUST always be specified as a date with UTC time`);m.until=kb(n,o||`UTC`,`DATE-TIME`);break}case`BYHOUR`:m.byHour=Nb(n,!0,r,`BYHOUR`);break;case`BYMINUTE`:m.byMinute=Nb(n,!0,r,`BYMINUTE`);break;case`BYSECOND`:m.bySecond=Nb(n,!0,r,`BYSECOND`);break;case`BYDAY`:m.byDay=n.split(`,`).map(e=>e.toUpperCase());break;case`BYMONTH`:m.byMonth=Pb(n,r);break;case`BYMONTHDAY`:m.byMonthDay=Nb(n,!1,r,`BYMONTHDAY`);break;case`BYYEARDAY`:m.byYearDay=Nb(n,!1,r,`BYYEARDAY`);break;case`BYWEEKNO`:m.byWeekNo=Nb(n,!1,r,`BYWEEKNO`);break;case`BYSETPOS`:m.bySetPos=Nb(n,!1,r,`BYSETPOS`);break;case`WKST`:m.wkst=n?.toUpperCase()}}if(h&&!m.rscale)throw Error(`SKIP MUST NOT be present unless RSCALE is present`);return h&&m.rscale&&!m.skip&&(m.skip=h),m}var Ib=class e{static{this.rscaleCalendarSupport={}}static normalizeToPolyfill(e){return Cb(e,`Date`)}toPublicDate(e){if(!e)return null;let t=this.outputTemporal?.ZonedDateTime;if(!t||t===Y.ZonedDateTime)return e;if(this.outputConstructorFastPathAvailable!==!1)try{let n=new t(e.epochNanoseconds,e.timeZoneId,e.calendarId);return this.outputConstructorFastPathAvailable=!0,n}catch{this.outputConstructorFastPathAvailable=!1}return t.from(e.toString())}toPublicDates(e){return!this.outputTemporal||this.outputTemporal.ZonedDateTime===Y.ZonedDateTime?e:e.map(e=>this.toPublicDate(e))}constructor(t){this.outputTemporal=t.temporal;let n;if(Eb(t)){let r=Fb(t.rruleString,t.tzid,t.dtstart,t.strict??!1);if(!r.dtstart)throw Error(`dtstart is required - provide it either in rruleString or as a separate parameter`);let i=e.normalizeToPolyfill(r.dtstart);this.tzid=r.tzid??t.tzid??`UTC`,this.originalDtstart=i,n={...r,dtstart:i,rDate:Db(r.rDate,t.rDate),exDate:Db(r.exDate,t.exDate),count:t.count??r.count,until:t.until?e.normalizeToPolyfill(t.until):r.until,strict:t.strict,maxIterations:t.maxIterations,maxCandidateEvaluations:t.maxCandidateEvaluations,includeDtstart:t.includeDtstart,cache:t.cache,temporal:t.temporal,tzid:this.tzid}}else{let e=Cb(t.dtstart,`Manual dtstart`);n={...t,dtstart:e,until:t.until?Cb(t.until,`Manual until`):void 0,rDate:Tb(t.rDate,`Manual rDate`),exDate:Tb(t.exDate,`Manual exDate`)},n.tzid=n.tzid||e.timeZoneId,this.tzid=n.tzid,this.originalDtstart=e}if(!n.freq)throw Error(`RRULE must include FREQ`);if(n.interval=n.interval??1,n.interval<=0)throw Error(`Cannot create RRule: interval must be greater than 0`);if(this.opts=this.sanitizeOpts(n),this.maxIterations=n.maxIterations??1e4,this.maxCandidateEvaluations=n.maxCandidateEvaluations??1e6,!Number.isSafeInteger(this.maxCandidateEvaluations)||this.maxCandidateEvaluations<=0)throw Error(`maxCandidateEvaluations must be a positive safe integer`);this.includeDtstart=n.includeDtstart??!1,this.parsedByDayTokens=this.buildParsedByDayTokens(this.opts.byDay),this.simpleByDayIsoDays=this.buildByDayIsoDays(this.parsedByDayTokens,!1),this.allByDayIsoDays=this.buildByDayIsoDays(this.parsedByDayTokens,!0),this.hasOrdinalByDay=this.parsedByDayTokens?.some(e=>e.ord!==0)??!1,this.canUseEpochMillisecondsPrecisionFlag=this.originalDtstart.microsecond===0&&this.originalDtstart.nanosecond===0&&(!this.opts.until||this.opts.until.microsecond===0&&this.opts.until.nanosecond===0),this.timeSlotOffsetsMs=this.buildTimeSlotOffsetsMs(),this.hasUniqueTimeSlotOffsets=this.timeSlotOffsetsMs===void 0||new Set(this.timeSlotOffsetsMs).size===this.timeSlotOffsetsMs.length,this.numericByMonths=this.opts.byMonth?.filter(e=>typeof e==`number`)}buildParsedByDayTokens(e){if(!e?.length)return;let t=e.map(e=>{let t=bb(e);return t?{ord:t.ord,weekday:t.weekday,isoDay:X[t.weekday]}:null}).filter(e=>e!==null);return t.length>0?t:void 0}buildByDayIsoDays(e,t){if(!e?.length)return;let n=e.filter(e=>t||e.ord===0).map(e=>e.isoDay);if(n.length)return[...new Set(n)].sort((e,t)=>e-t)}sanitizeNumericArray(e,t,n,r=!1,i=!1){if(!e)return;let a=[],o=/* @__PURE__ */ new Set;for(let i of e)Number.isInteger(i)&&i>=t&&i<=n&&(r||i!==0)&&!o.has(i)&&(o.add(i),a.push(i));if(a.length!==0)return i?a.sort((e,t)=>e-t):a}sanitizeByDay(e){let t=[],n=/* @__PURE__ */ new Set;for(let r of e??[]){if(!r||typeof r!=`string`)continue;let e=r.toUpperCase(),i=bb(e);if(!i||i.ord===0&&/^[+-]?\d/.test(e))throw Error(`Invalid BYDAY value: ${r}`);n.has(e)||(n.add(e),t.push(e))}return t.length>0?t:void 0}enforceStrictRfc(e){if(!e.strict)return;let t=e.freq;if(e.count!==void 0&&e.until!==void 0)throw Error(`COUNT and UNTIL MUST NOT occur in the same recurrence rule`);if(e.byWeekNo&&t!==`YEARLY`)throw Error(`BYWEEKNO MUST NOT be used unless FREQ=YEARLY`);if(e.byYearDay&&[`DAILY`,`WEEKLY`,`MONTHLY`].includes(t))throw Error(`BYYEARDAY MUST NOT be used when FREQ is DAILY, WEEKLY, or MONTHLY`);if(e.byMonthDay&&t===`WEEKLY`)throw Error(`BYMONTHDAY MUST NOT be used when FREQ is WEEKLY`);let n=(e.byDay??[]).some(e=>/^[+-]?\d/.test(e));if(n&&![`MONTHLY`,`YEARLY`].includes(t))throw Error(`BYDAY with numeric value MUST NOT be used unless FREQ is MONTHLY or YEARLY`);if(n&&t===`YEARLY`&&e.byWeekNo)throw Error(`BYDAY with numeric value MUST NOT be used with FREQ=YEARLY when BYWEEKNO is present`);let r=!!(e.byDay||e.byMonth||e.byMonthDay||e.byYearDay||e.byWeekNo||e.byHour||e.byMinute||e.bySecond);if(e.bySetPos&&!r)throw Error(`BYSETPOS MUST be used with another BYxxx rule part`)}sanitizeOpts(e){if(!Gy.has(e.freq))throw Error(`Invalid FREQ value: ${e.freq}`);if(e.byDay=this.sanitizeByDay(e.byDay),e.wkst){let t=e.wkst.toUpperCase();if(!Ky.has(t))throw Error(`Invalid WKST value: ${e.wkst}`);e.wkst=t}if(e.byMonth){let t=e.byMonth.filter(e=>typeof e==`number`),n=e.byMonth.filter(e=>typeof e==`string`).map(e=>e.toUpperCase()),r=this.sanitizeNumericArray(t,1,12,!1,!1)??[],i=[.../* @__PURE__ */ new Set([...r,...n])];e.byMonth=i.length>0?i:void 0}if(e.rscale&&!e.skip&&(e.skip=`OMIT`),e.byMonthDay=this.sanitizeNumericArray(e.byMonthDay,-31,31,!1,!1),e.byYearDay=this.sanitizeNumericArray(e.byYearDay,-366,366,!1,!1),e.byWeekNo=this.sanitizeNumericArray(e.byWeekNo,-53,53,!1,!1),e.byHour=this.sanitizeNumericArray(e.byHour,0,23,!0,!0),e.byMinute=this.sanitizeNumericArray(e.byMinute,0,59,!0,!0),e.bySecond=this.sanitizeNumericArray(e.bySecond,0,59,!0,!0),e.bySetPos){if(e.bySetPos.some(e=>e===0))throw Error(`bySetPos may not contain 0`);e.bySetPos=this.sanitizeNumericArray(e.bySetPos,-1/0,1/0,!1,!1)}return this.enforceStrictRfc(e),e}rawAdvance(e){let{freq:t,interval:n}=this.opts;switch(t){case`DAILY`:return e.add({days:n});case`WEEKLY`:return e.add({weeks:n});case`MONTHLY`:return e.add({months:n});case`YEARLY`:return e.add({years:n});case`HOURLY`:{let t=e.hour,r=e.add({hours:n});return r.hour===t&&n===1&&(r=r.add({hours:n})),r}case`MINUTELY`:return e.add({minutes:n});case`SECONDLY`:return e.add({seconds:n});default:throw Error(`Unsupported FREQ: ${t}`)}}expandByTime(e){if(!this.opts.byHour&&!this.opts.byMinute&&!this.opts.bySecond)return[e];let t=this.opts.byHour??[e.hour],n=this.opts.byMinute??[e.minute],r=this.opts.bySecond??[e.second];if(t.length===1&&n.length===1&&r.length===1){let i=t[0],a=n[0],o=r[0];if(i===e.hour&&a===e.minute&&o===e.second)return[e];let s=this.resolveGeneratedTime(e.toPlainDateTime().with({hour:i,minute:a,second:o}));return s?[s]:[]}let i=[];for(let a of t)for(let t of n)for(let n of r){let r=this.resolveGeneratedTime(e.toPlainDateTime().with({hour:a,minute:t,second:n}));r&&i.push(r)}return i.sort((e,t)=>Y.ZonedDateTime.compare(e,t))}localDateKey(e){return`${e.calendarId}:${e.year}:${e.month}:${e.day}`}sortedUniqueDateCandidates(e){let t=/* @__PURE__ */ new Map;for(let n of e){let e=this.localDateKey(n);t.has(e)||t.set(e,n)}return[...t.values()].sort((e,t)=>Y.PlainDate.compare(e,t))}resolveGeneratedTime(e){let t=this.originalDtstart,n=this.originalPlainDtstart??=t.toPlainDateTime();if(t.timeZoneId===this.generationTimeZone&&e.equals(n))return t;let r=t.timeZoneId===this.generationTimeZone?t:t.withTimeZone(this.generationTimeZone);r.calendarId!==e.calendarId&&(r=r.withCalendar(e.calendarId));let i=r.with({year:e.year,month:e.month,day:e.day,hour:e.hour,minute:e.minute,second:e.second,millisecond:e.millisecond,microsecond:e.microsecond,nanosecond:e.nanosecond},{offset:`ignore`,overflow:`reject`});return i.toPlainDateTime().equals(e)?i:null}get generationTimeZone(){return this.opts.rscale&&[`CHINESE`,`HEBREW`,`INDIAN`].includes(this.opts.rscale)?this.tzid:this.originalDtstart.timeZoneId}timeOfDayNanoseconds(e){return((e.hour*60*60+e.minute*60+e.second)*1e3+e.millisecond)*1e6+e.microsecond*1e3+e.nanosecond}timeSlotNanoseconds(e,t,n,r){return((t*60*60+n*60+r)*1e3+e.millisecond)*1e6+e.microsecond*1e3+e.nanosecond}needsSortedTimeFallback(e){try{let t=e.startOfDay();return t.add({days:1}).startOfDay().epochNanoseconds-t.epochNanoseconds!==BigInt(864e11)}catch{return!0}}createCandidateWorkBudget(){return{evaluated:0,seenOccurrences:/* @__PURE__ */ new Set}}recordCandidateEvaluation(e,t=1){if(e.evaluated+=t,e.evaluated>this.maxCandidateEvaluations)throw Error(`Maximum candidate evaluations (${this.maxCandidateEvaluations}) exceeded in all()`)}visitTimeSlots(e,t,n,r,i,a=this.createCandidateWorkBudget()){let o=this.opts.byHour??[this.originalDtstart.hour],s=this.opts.byMinute??[this.originalDtstart.minute],c=this.opts.bySecond??[this.originalDtstart.second],l=e.toPlainDateTime(this.originalDtstart.toPlainTime()),u=(e,t,n)=>this.resolveGeneratedTime(l.with({hour:e,minute:t,second:n}));if(o.length===1&&s.length===1&&c.length===1){this.recordCandidateEvaluation(a);let e=u(o[0],s[0],c[0]);return!e||r&&Y.ZonedDateTime.compare(e,r)<0||i&&Y.ZonedDateTime.compare(e,i)>0?!0:n(e)}if(this.needsSortedTimeFallback(l.toZonedDateTime(this.generationTimeZone))){let e=[];for(let t of o)for(let n of s)for(let o of c){this.recordCandidateEvaluation(a);let s=u(t,n,o);s&&(r&&Y.ZonedDateTime.compare(s,r)<0||i&&Y.ZonedDateTime.compare(s,i)>0||e.push(s))}e.sort((e,t)=>Y.ZonedDateTime.compare(e,t));let l,d=t===1?0:e.length-1,f=t===1?e.length:-1;for(let r=d;r!==f;r+=t){let t=e[r];if(t.epochNanoseconds!==l&&(l=t.epochNanoseconds,!n(t)))return!1}return!0}let d=r?this.timeOfDayNanoseconds(r):void 0,f=i?this.timeOfDayNanoseconds(i):void 0,p=t===1?0:o.length-1,m=t===1?o.length:-1;for(let e=p;e!==m;e+=t){let r=o[e],i=t===1?0:s.length-1,l=t===1?s.length:-1;for(let e=i;e!==l;e+=t){let i=s[e],o=t===1?0:c.length-1,l=t===1?c.length:-1;for(let e=o;e!==l;e+=t){let t=c[e],o=this.timeSlotNanoseconds(this.originalDtstart,r,i,t);if(d!==void 0&&o<d||f!==void 0&&o>f)continue;this.recordCandidateEvaluation(a);let s=u(r,i,t);if(s&&!n(s))return!1}}}return!0}visitDateTimeCandidates(e,t,n,r,i,a=this.createCandidateWorkBudget()){let o=this.sortedUniqueDateCandidates(e);if(!o.length)return!0;let s=o[0],c=r?.withTimeZone(this.generationTimeZone).withCalendar(s.calendarId),l=i?.withTimeZone(this.generationTimeZone).withCalendar(s.calendarId),u=c?.toPlainDate(),d=l?.toPlainDate(),f=t===1?0:o.length-1,p=t===1?o.length:-1,m;for(let e=f;e!==p;e+=t){let r=o[e],i=r;if(u&&Y.PlainDate.compare(i,u)<0||d&&Y.PlainDate.compare(i,d)>0)continue;let s=u&&Y.PlainDate.compare(i,u)===0,f=d&&Y.PlainDate.compare(i,d)===0;if(!this.visitTimeSlots(r,t,e=>e.epochNanoseconds===m||(m=e.epochNanoseconds,n(e)),s?c:void 0,f?l:void 0,a))return!1}return!0}visitPeriodCandidates(e,t,n,r,i=this.createCandidateWorkBudget()){let a=this.opts.bySetPos;if(!a?.length)return this.visitDateTimeCandidates(e,1,t,n,r,i);let o=new Set(a.filter(e=>e>0)),s=new Set(a.filter(e=>e<0).map(e=>-e)),c=/* @__PURE__ */ new Map;if(o.size>0){let t=0;for(let e of o)t=Math.max(t,e);let n=0;this.visitDateTimeCandidates(e,1,e=>(n+=1,o.has(n)&&c.set(e.epochNanoseconds,e),n<t),void 0,void 0,i)}if(s.size>0){let t=0;for(let e of s)t=Math.max(t,e);let n=0;this.visitDateTimeCandidates(e,-1,e=>(n+=1,s.has(n)&&c.set(e.epochNanoseconds,e),n<t),void 0,void 0,i)}let l=[...c.values()].sort((e,t)=>Y.ZonedDateTime.compare(e,t));for(let e of l)if(!(n&&Y.ZonedDateTime.compare(e,n)<0)&&!(r&&Y.ZonedDateTime.compare(e,r)>0)&&!t(e))return!1;return!0}visitUtcPeriodCandidates(e,t,n,r,i){let a=this.timeSlotOffsetsMs;if(this.tzid!==`UTC`||this.originalDtstart.timeZoneId!==`UTC`||![`iso8601`,`gregory`].includes(e.calendarId)||this.opts.rscale!==void 0||this.opts.byYearDay||this.opts.byWeekNo||this.opts.byMonth?.some(e=>typeof e!=`number`)||!a?.length||!this.hasUniqueTimeSlotOffsets||!Number.isSafeInteger(this.opts.interval)||e.year<=-271821||e.year>=275760||!(this.opts.byDay||this.opts.byMonthDay))return null;let o;if(this.opts.freq===`MONTHLY`){let t=hb(e.year,e.month,1);o=this.generateMonthlyOccurrenceDaysUtc(e.year,e.month).map(e=>t+e-1)}else if(this.opts.freq===`YEARLY`){if(this.hasOrdinalByDay&&!this.numericByMonths?.length&&(this.opts.byMonthDay||this.parsedByDayTokens?.some(e=>e.ord===0||Math.abs(e.ord)>52)))return null;o=this.generateYearlyOccurrenceDaysUtc(e.year)}else return null;let s=o.length*a.length,c=e=>o[Math.floor(e/a.length)]*Z+a[e%a.length],l=e=>{let t=0,n=s;for(;t<n;){let r=t+Math.floor((n-t)/2);c(r)<e?t=r+1:n=r}return t},u=n?l(Number(db(n.epochNanoseconds,Q))):0,d=r?l(Number(ub(r.epochNanoseconds,Q))+1):s,f=n=>t(new Y.ZonedDateTime(BigInt(c(n))*Q,`UTC`,e.calendarId)),p=this.opts.bySetPos;if(p?.length){let e=0,t=0,n=/* @__PURE__ */ new Set;for(let r of p){r>0?e=Math.max(e,r):t=Math.max(t,-r);let i=r>0?r-1:s+r;i>=0&&i<s&&n.add(i)}this.recordCandidateEvaluation(i,Math.min(s,e)+Math.min(s,t));for(let e of[...n].sort((e,t)=>e-t))if(e>=u&&e<d&&!f(e))return!1}else for(let e=u;e<d;e++)if(this.recordCandidateEvaluation(i),!f(e))return!1;return!0}nextCandidateSameDate(e){let{freq:t,interval:n=1,byHour:r,byMinute:i,bySecond:a}=this.opts;if(r?.length&&!r.includes(e.hour)){let n=r.find(t=>t>e.hour);return(n===void 0?e.add({days:1}):e).with({hour:n??r[0],minute:i?.[0]??(t===`HOURLY`?this.originalDtstart.minute:0),second:a?.[0]??(t===`SECONDLY`?0:this.originalDtstart.second)})}if(t===`HOURLY`&&r&&r.length===1)return this.applyTimeOverride(e.add({days:n}));if(t===`MINUTELY`&&i&&i.length===1){let t=e.add({hours:n});return r?.length&&!r.includes(t.hour)?this.nextCandidateSameDate(t):t.with({minute:i[0],second:a?.[0]??t.second})}if(a&&a.length>1){let t=a.indexOf(e.second);if(t!==-1&&t<a.length-1)return e.with({second:a[t+1]})}if(t===`MINUTELY`&&r&&r.length>1&&!i){let t=e.add({minutes:n});if(r.includes(t.hour))return t.with({second:a?a[0]:e.second});let i=r.find(t=>t>e.hour)||r[0];return i&&i>e.hour?e.with({hour:i,minute:0,second:a?a[0]:e.second}):this.applyTimeOverride(e.add({days:1}))}if(t===`SECONDLY`){let t=e;if(a&&a.length>0){let e=a.find(e=>e>t.second);if(e!==void 0)return t.with({second:e});t=t.with({second:a[0]}).add({minutes:1})}else t=t.add({seconds:n});if(i&&i.length>0&&(!i.includes(t.minute)||t.minute===e.minute&&t.second<e.second)){let e=i.find(e=>e>t.minute);if(e!==void 0)return t.with({minute:e,second:a?a[0]:0});t=t.with({minute:i[0],second:a?a[0]:0}).add({hours:1})}if(r&&r.length>0&&(!r.includes(t.hour)||t.hour===e.hour&&t.minute<e.minute)){let e=r.find(e=>e>t.hour);if(e!==void 0)return t.with({hour:e,minute:i?i[0]:0,second:a?a[0]:0});t=t.with({hour:r[0],minute:i?i[0]:0,second:a?a[0]:0}).add({days:1})}return t}if(i&&i.length>1){let o=i.indexOf(e.minute);if(o!==-1&&o<i.length-1)return e.with({minute:i[o+1],second:a?a[0]:e.second});if(t===`MINUTELY`&&o===i.length-1){if(r&&r.length>0){let t=r.indexOf(e.hour);return t!==-1&&t<r.length-1?e.with({hour:r[t+1],minute:i[0],second:a?a[0]:e.second}):this.applyTimeOverride(e.add({days:1}))}return e.add({hours:n}).with({minute:i[0],second:a?a[0]:e.second})}}if(r&&r.length>1){let t=r.find(t=>t>e.hour);if(t!==void 0)return e.with({hour:t,minute:i?i[0]:e.minute,second:a?a[0]:e.second})}return t===`HOURLY`&&r&&r.length>1?this.applyTimeOverride(e.add({days:1})):this.applyTimeOverride(this.rawAdvance(e))}applyTimeOverride(e){let{freq:t,byHour:n,byMinute:r,bySecond:i}=this.opts,a=t===`DAILY`||t===`WEEKLY`||t===`MONTHLY`||t===`YEARLY`;if(!n&&!r&&!i&&!a)return e;let o={};return n?o.hour=n[0]:a&&(o.hour=this.originalDtstart.hour),r?o.minute=r[0]:a&&(o.minute=this.originalDtstart.minute),i?o.second=i[0]:a&&(o.second=this.originalDtstart.second),a&&o.hour===e.hour&&o.minute===e.minute&&o.second===e.second?e:e.with(o)}computeFirst(){let e=this.originalDtstart;if(this.opts.byWeekNo?.length&&[`DAILY`,`HOURLY`,`MINUTELY`,`SECONDLY`].includes(this.opts.freq)){let t=this.opts.byWeekNo[0],n=e.year;for(;n<=e.year+10;){let r=e.with({year:n,month:1,day:1}),i=e.with({year:n,month:12,day:31}),a=!1;if(t>0){let e=52;(r.dayOfWeek===4||i.dayOfWeek===4)&&(e=53),a=t<=e}else{let e=52;(r.dayOfWeek===4||i.dayOfWeek===4)&&(e=53),a=-t<=e}if(a){let n=r.add({days:(4-r.dayOfWeek+7)%7}),a;if(t>0)a=n.subtract({days:3}).add({weeks:t-1});else{let e=r.dayOfWeek===4||i.dayOfWeek===4?53:52;a=n.subtract({days:3}).add({weeks:e+t})}if(this.opts.byDay?.length){let t=X,n=this.opts.byDay.map(e=>yb(e)).filter(e=>e!==null).map(e=>t[e]).filter(Boolean);if(n.length){let t=n.map(e=>{let t=(e-a.dayOfWeek+7)%7;return a.add({days:t})}).sort((e,t)=>Y.ZonedDateTime.compare(e,t))[0];if(t&&Y.ZonedDateTime.compare(t,this.originalDtstart)>=0){e=t;break}}}else if(Y.ZonedDateTime.compare(a,this.originalDtstart)>=0){e=a;break}}n++}}if(this.opts.byDay?.length&&!this.opts.byWeekNo){let t=X;if(this.opts.byDay.some(e=>/^[+-]?\d/.test(e))&&this.opts.byMonth&&(this.opts.freq===`MINUTELY`||this.opts.freq===`SECONDLY`)){let t=this.opts.byMonth.filter(e=>typeof e==`number`).sort((e,t)=>e-t),n=!1;for(let r=e.year;r<=e.year+10&&!n;r++)for(let i of t){if(r===e.year&&i<e.month)continue;let t=e.with({year:r,month:i,day:1}),a=this.generateMonthlyOccurrences(t);for(let t of a)if(Y.ZonedDateTime.compare(t,e)>=0){e=t.toPlainDate().equals(e.toPlainDate())?t:this.applyTimeOverride(t.with({hour:0,minute:0,second:0})),n=!0;break}if(n)break}}else{let n,r=this.opts.byDay.map(e=>yb(e)).filter(e=>e!==null);if(this.opts.freq===`DAILY`&&r.length===this.opts.byDay.length){let i=this.findFirstMatchingDailyStep(e.dayOfWeek,this.opts.interval,r.map(e=>t[e]));n=i===null?[]:[i*this.opts.interval]}else n=r.map(n=>(t[n]-e.dayOfWeek+7)%7);n.length&&(e=e.add({days:Math.min(...n)}))}}let{byHour:t,byMinute:n,bySecond:r}=this.opts;if(this.opts.freq===`HOURLY`&&!t&&Y.ZonedDateTime.compare(e.with({hour:0,minute:0,second:0,microsecond:0,nanosecond:0}),this.originalDtstart)>0&&(e=e.with({hour:0,minute:0,second:0,microsecond:0,nanosecond:0})),this.opts.freq===`MINUTELY`&&!n&&Y.ZonedDateTime.compare(e.with({hour:0,minute:0,second:0,microsecond:0,nanosecond:0}),this.originalDtstart)>0&&(e=e.with({hour:0,minute:0,second:0,microsecond:0,nanosecond:0})),this.opts.freq===`SECONDLY`&&this.opts.byWeekNo?.length&&!r&&Y.ZonedDateTime.compare(e.with({hour:0,minute:0,second:0,microsecond:0,nanosecond:0}),this.originalDtstart)>0&&(e=e.with({hour:0,minute:0,second:0,microsecond:0,nanosecond:0})),t||n||r){let t=this.expandByTime(e);for(let e of t)if(Y.ZonedDateTime.compare(e,this.originalDtstart)>=0)return e;e=this.applyTimeOverride(this.rawAdvance(e))}return e}matchesByDay(e){let{byDay:t,freq:n}=this.opts;if(!t)return!0;if(!this.hasOrdinalByDay)return this.simpleByDayIsoDays?.includes(e.dayOfWeek)??!1;for(let t of this.parsedByDayTokens??[]){if(n===`DAILY`&&e.dayOfWeek===t.isoDay)return!0;if(t.ord===0){if(e.dayOfWeek===t.isoDay)return!0;continue}let r=e.month,i=e.with({day:1}),a=[];for(;i.month===r;)i.dayOfWeek===t.isoDay&&a.push(i.day),i=i.add({days:1});if(a[t.ord>0?t.ord-1:a.length+t.ord]===e.day)return!0}return!1}matchesByMonth(e){let{byMonth:t}=this.opts;if(!t)return!0;let n=t.filter(e=>typeof e==`number`);return n.length===0||n.includes(e.month)}matchesNumericConstraint(e,t,n){return t.some(t=>e===(t>0?t:n+t+1))}matchesByMonthDay(e){let{byMonthDay:t}=this.opts;if(!t)return!0;let n=e.with({day:1}).add({months:1}).subtract({days:1}).day;return this.matchesNumericConstraint(e.day,t,n)}matchesByHour(e){return!this.opts.byHour||this.opts.byHour.includes(e.hour)}matchesByMinute(e){let{byMinute:t}=this.opts;return!t||t.includes(e.minute)}matchesBySecond(e){let{bySecond:t}=this.opts;return!t||t.includes(e.second)}matchesAll(e){return this.matchesByMonth(e)&&this.matchesByWeekNo(e)&&this.matchesByYearDay(e)&&this.matchesByMonthDay(e)&&this.matchesByDay(e)&&this.matchesByHour(e)&&this.matchesByMinute(e)&&this.matchesBySecond(e)}matchesByYearDay(e){let{byYearDay:t}=this.opts;if(!t)return!0;let n=e.dayOfYear,r=this.lastByYearDay(e);return this.matchesNumericConstraint(n,t,r)}lastByYearDay(e){return e.with({month:12,day:31}).dayOfYear}getIsoWeekInfo(e){let t=`toPlainDate`in e?e.toPlainDate():e,n=t.add({days:4-t.dayOfWeek}),r=n.year,i=t.with({year:r,month:1,day:1}),a=i.add({days:(4-i.dayOfWeek+7)%7}),o=n.since(a).days;return{week:Math.floor(o/7)+1,year:r}}matchesByWeekNo(e){let{byWeekNo:t}=this.opts;if(!t)return!0;let{week:n,year:r}=this.getIsoWeekInfo(e),i=e.with({year:r,month:1,day:1}),a=i.inLeapYear,o=i.dayOfWeek===4||a&&i.dayOfWeek===3?53:52;return t.some(e=>e>0?n===e:n===o+e+1)}hasPossibleYearDayWeekNoCombination(){if(!this.opts.byYearDay||!this.opts.byWeekNo)return!0;let e=this.originalDtstart.with({year:2e3,month:1,day:1,hour:0,minute:0,second:0,millisecond:0,microsecond:0,nanosecond:0});for(let t=0;t<400;t++){let t=e.daysInYear;for(let n of this.opts.byYearDay){let r=n>0?n:t+n+1;if(r>=1&&r<=t&&this.matchesByWeekNo(e.add({days:r-1})))return!0}e=e.add({years:1})}return!1}options(){let{dtstart:e,until:t,rDate:n,exDate:r,temporal:i,...a}=this.cloneOptions();return{...a,...this.outputTemporal?{temporal:this.outputTemporal}:{},dtstart:this.toPublicDate(e),until:t?this.toPublicDate(t):void 0,rDate:n?this.toPublicDates(n):void 0,exDate:r?this.toPublicDates(r):void 0}}cloneOptions(){let{byHour:e,byMinute:t,bySecond:n,byDay:r,byMonth:i,byMonthDay:a,byYearDay:o,byWeekNo:s,bySetPos:c,rDate:l,exDate:u,...d}=this.opts;return{...d,byHour:e?[...e]:void 0,byMinute:t?[...t]:void 0,bySecond:n?[...n]:void 0,byDay:r?[...r]:void 0,byMonth:i?[...i]:void 0,byMonthDay:a?[...a]:void 0,byYearDay:o?[...o]:void 0,byWeekNo:s?[...s]:void 0,bySetPos:c?[...c]:void 0,rDate:l?[...l]:void 0,exDate:u?[...u]:void 0}}cloneUpdateOptions(e){let t={};return Object.prototype.hasOwnProperty.call(e,`byHour`)&&(t.byHour=Array.isArray(e.byHour)?[...e.byHour]:e.byHour),Object.prototype.hasOwnProperty.call(e,`byMinute`)&&(t.byMinute=Array.isArray(e.byMinute)?[...e.byMinute]:e.byMinute),Object.prototype.hasOwnProperty.call(e,`bySecond`)&&(t.bySecond=Array.isArray(e.bySecond)?[...e.bySecond]:e.bySecond),Object.prototype.hasOwnProperty.call(e,`byDay`)&&(t.byDay=Array.isArray(e.byDay)?[...e.byDay]:e.byDay),Object.prototype.hasOwnProperty.call(e,`byMonth`)&&(t.byMonth=Array.isArray(e.byMonth)?[...e.byMonth]:e.byMonth),Object.prototype.hasOwnProperty.call(e,`byMonthDay`)&&(t.byMonthDay=Array.isArray(e.byMonthDay)?[...e.byMonthDay]:e.byMonthDay),Object.prototype.hasOwnProperty.call(e,`byYearDay`)&&(t.byYearDay=Array.isArray(e.byYearDay)?[...e.byYearDay]:e.byYearDay),Object.prototype.hasOwnProperty.call(e,`byWeekNo`)&&(t.byWeekNo=Array.isArray(e.byWeekNo)?[...e.byWeekNo]:e.byWeekNo),Object.prototype.hasOwnProperty.call(e,`bySetPos`)&&(t.bySetPos=Array.isArray(e.bySetPos)?[...e.bySetPos]:e.bySetPos),Object.prototype.hasOwnProperty.call(e,`rDate`)&&(t.rDate=Array.isArray(e.rDate)?[...e.rDate]:e.rDate),Object.prototype.hasOwnProperty.call(e,`exDate`)&&(t.exDate=Array.isArray(e.exDate)?[...e.exDate]:e.exDate),t}with(t){return new e({...this.cloneOptions(),...t,...this.cloneUpdateOptions(t),tzid:t.tzid??this.opts.tzid,dtstart:t.dtstart??this.opts.dtstart})}dtstartIsOccurrence(){if(this.dtstartIsOccurrenceCache!==void 0)return this.dtstartIsOccurrenceCache;let t=this.matchesAll(this.originalDtstart);if(t&&this.opts.bySetPos?.length){let n=new e({...this.opts,temporal:this.outputTemporal,dtstart:this.originalDtstart,includeDtstart:!1,rDate:void 0,exDate:void 0}),r;try{n.allInternal(e=>(r=e.epochNanoseconds,!1))}catch{}t=r===this.originalDtstart.epochNanoseconds}return this.dtstartIsOccurrenceCache=t,t}addDtstartIfNeeded(e,t){if(this.includeDtstart&&!this.dtstartIsOccurrence()){if(t&&this.isExcluded(this.originalDtstart))return!0;if(t&&!t(this.originalDtstart,e.length)||(e.push(this.originalDtstart),this.shouldBreakForCountLimit(e.length)))return!1}return!0}canUseUtcLinearFastPath(e){if(e||!this.canUseUtcCalendarFastPaths()||this.opts.rscale||this.opts.byMonth||this.opts.byMonthDay||this.opts.byYearDay||this.opts.byWeekNo||this.opts.bySetPos)return!1;switch(this.opts.freq){case`DAILY`:return!this.hasOrdinalByDay&&(!this.opts.byHour||this.canUseEpochMillisecondsPrecisionFlag)&&(!this.opts.byMinute||this.canUseEpochMillisecondsPrecisionFlag)&&(!this.opts.bySecond||this.canUseEpochMillisecondsPrecisionFlag);case`HOURLY`:case`MINUTELY`:case`SECONDLY`:return!this.opts.byDay&&!this.opts.byHour&&!this.opts.byMinute&&!this.opts.bySecond;default:return!1}}canUseUtcWeeklyFastPath(e){return!e&&this.canUseUtcCalendarFastPaths()&&this.opts.freq===`WEEKLY`&&!this.opts.rscale&&!this.opts.byMonth&&!this.opts.byMonthDay&&!this.opts.byYearDay&&!this.opts.byWeekNo&&!this.opts.bySetPos&&(!this.opts.byHour||this.canUseEpochMillisecondsPrecisionFlag)&&(!this.opts.byMinute||this.canUseEpochMillisecondsPrecisionFlag)&&(!this.opts.bySecond||this.canUseEpochMillisecondsPrecisionFlag)&&!this.hasOrdinalByDay}canUseUtcMonthlyFastPath(e){return!e&&this.canUseUtcCalendarFastPaths()&&this.opts.freq===`MONTHLY`&&!this.opts.rscale&&!this.opts.byYearDay&&!this.opts.byWeekNo&&this.canUseEpochMillisecondsPrecisionFlag&&this.hasSingleExpandedTimeSlot()&&!!(this.opts.byDay||this.opts.byMonthDay)}utcZdtFromEpochNanoseconds(e){return new Y.ZonedDateTime(e,`UTC`,this.originalDtstart.calendarId)}utcZdtFromEpochMilliseconds(e){return this.utcZdtFromEpochNanoseconds(BigInt(e)*Q)}canUseUtcCalendarFastPaths(){return this.maxCandidateEvaluations===1e6&&this.tzid===`UTC`&&this.originalDtstart.timeZoneId===this.tzid&&[`iso8601`,`gregory`].includes(this.originalDtstart.calendarId)}canUseUtcEpochMillisecondsPrecision(){return this.canUseEpochMillisecondsPrecisionFlag}buildTimeSlotOffsetsMs(){if(!this.canUseEpochMillisecondsPrecisionFlag)return;let e=this.opts.byHour??[this.originalDtstart.hour],t=this.opts.byMinute??[this.originalDtstart.minute],n=this.opts.bySecond??[this.originalDtstart.second],r=this.originalDtstart.millisecond,i=[];for(let a of e)for(let e of t)for(let t of n)i.push(((a*60+e)*60+t)*Yy+r);return i}createNumericQueryPlan(e,t,n,r){let i=n(0),a=n(t-1);if(!i||!a||!mb(i.epochMilliseconds)||!mb(a.epochMilliseconds)||i.epochMilliseconds>a.epochMilliseconds)return null;let o=(e,t,i)=>{if(r)return Math.max(0,Math.min(i,r(e,t)));let a=0,o=i;for(;a<o;){let r=a+Math.floor((o-a)/2),i=n(r);if(!i){o=r;continue}let s=BigInt(i.epochMilliseconds)*Q;(t?s>e:s>=e)?o=r:a=r+1}return a},s=this.opts.until?.epochNanoseconds,c=s===void 0?t:o(s,!0,t);return{kind:e,count:c,maximumCount:t,select:e=>!Number.isSafeInteger(e)||e<0||e>=t?null:n(e),lowerBound:(e,t)=>o(e,t,c)}}buildFixedStepNumericQueryPlan(e){let t;switch(this.opts.freq){case`HOURLY`:t=Zy;break;case`MINUTELY`:t=Xy;break;case`SECONDLY`:t=Yy;break;default:return null}if(![`UTC`,`Etc/UTC`,`Etc/GMT`].includes(this.tzid)&&!/^[-+]\d{2}:?\d{2}(?::?\d{2})?$/.test(this.tzid)&&this.opts.freq===`HOURLY`&&this.opts.interval===1)return null;let n=this.originalDtstart.epochMilliseconds,r=t*this.opts.interval;if(!Number.isSafeInteger(r)||r<=0)return null;let i=e=>{let t=n+e*r;return mb(t)?{epochMilliseconds:t,periodIndex:e,occurrenceIndex:e}:null},a=BigInt(n)*Q,o=BigInt(r)*Q,s=BigInt(e);return this.createNumericQueryPlan(`fixed-step`,e,i,(t,n)=>{let r=t-a,i=n?ub(r,o)+1n:db(r,o);return i<=0n?0:i>=s?e:Number(i)})}resolveNumericWallMilliseconds(e){if(!mb(e))return null;if(this.tzid===`UTC`)return e;let t=this.getZoneResolver().epochMsForWall(e);return t.pushed||!mb(t.epochMs)?null:t.epochMs}numericQueryGapHazard(e,t){if(this.tzid===`UTC`)return!1;let n=this.originalDtstart.epochMilliseconds;return t-n>632448e7||this.getZoneResolver().timeOfDayMayHitGap(e,n-Z,t+Z)}buildDailyNumericQueryPlan(e){let t=this.opts.interval,n=this.originalDtstart.epochMilliseconds,r=this.tzid===`UTC`?n:this.wallMsOf(this.originalDtstart),i=Math.floor(r/Z),a=_b(i),o=cb(this.simpleByDayIsoDays);if(!(this.opts.byHour||this.opts.byMinute||this.opts.bySecond)){let n=r-i*Z,s=this.simpleByDayIsoDays?.length?this.findFirstMatchingDailyStep(a,t,this.simpleByDayIsoDays):0;if(s===null)return null;let c=7/sb(t,7),l=[];for(let e=0;e<c;e++)lb(o,vb(a,(s+e)*t))&&l.push(e);if(l.length===0)return null;let u=this.createNumericQueryPlan(`daily`,e,e=>{let n=Math.floor(e/l.length),i=e%l.length,a=n*c+l[i],o=(s+a)*t;if(!Number.isSafeInteger(a)||!Number.isSafeInteger(o))return null;let u=r+o*Z,d=this.resolveNumericWallMilliseconds(u);return d===null?null:{epochMilliseconds:d,periodIndex:a,occurrenceIndex:e}}),d=u?.select(e-1);return d&&this.numericQueryGapHazard(n,d.epochMilliseconds)?null:u}let s=this.timeSlotOffsetsMs;if(!s?.length||!this.hasUniqueTimeSlotOffsets)return null;let c=this.simpleByDayIsoDays?.length?this.findFirstMatchingDailyStep(a,t,this.simpleByDayIsoDays):0;if(c===null)return null;let l=c*t,u=i+l,d=vb(a,l),f=7/sb(t,7),p=[];if(lb(o,d))for(let e of s){let t=this.resolveNumericWallMilliseconds(u*Z+e);if(t===null)return null;t>=n&&p.push({epochMilliseconds:t,periodIndex:0,occurrenceIndex:p.length})}let m=[];for(let e=0;e<f;e++)if(lb(o,vb(d,(1+e)*t)))for(let t of s)m.push({periodOffset:e,timeSlotOffset:t});if(p.length===0&&m.length===0)return null;let h=this.createNumericQueryPlan(`daily`,e,e=>{if(e<p.length)return{...p[e],occurrenceIndex:e};if(m.length===0)return null;let n=e-p.length,r=Math.floor(n/m.length),a=m[n%m.length],o=1+r*f+a.periodOffset,s=l+o*t;if(!Number.isSafeInteger(o)||!Number.isSafeInteger(s))return null;let c=(i+s)*Z+a.timeSlotOffset,u=this.resolveNumericWallMilliseconds(c);return u===null?null:{epochMilliseconds:u,periodIndex:o,occurrenceIndex:e}}),g=h?.select(e-1);return g&&s.some(e=>this.numericQueryGapHazard(e,g.epochMilliseconds))?null:h}buildWeeklyNumericQueryPlan(e){let t=this.timeSlotOffsetsMs;if(!t?.length||!this.hasUniqueTimeSlotOffsets)return null;let n=this.originalDtstart.epochMilliseconds,r=this.tzid===`UTC`?n:this.wallMsOf(this.originalDtstart),i=Math.floor(r/Z),a=_b(i),o=X[yb(this.opts.wkst||`MO`)??`MO`]??1,s=(this.opts.byDay?[...this.allByDayIsoDays??[]]:[a]).map(e=>(e-o+7)%7).sort((e,t)=>e-t);if(s.length===0)return null;let c=i-(a-o+7)%7,l=s.flatMap(e=>t.map(t=>({dayOffset:e,timeSlotOffset:t}))),u=[];for(let e of l){let t=(c+e.dayOffset)*Z+e.timeSlotOffset,r=this.resolveNumericWallMilliseconds(t);if(r===null)return null;r>=n&&u.push({epochMilliseconds:r,periodIndex:0,occurrenceIndex:u.length})}let d=this.createNumericQueryPlan(`weekly`,e,e=>{if(e<u.length)return{...u[e],occurrenceIndex:e};let t=e-u.length,n=1+Math.floor(t/l.length),r=l[t%l.length],i=n*this.opts.interval*7;if(!Number.isSafeInteger(n)||!Number.isSafeInteger(i))return null;let a=(c+i+r.dayOffset)*Z+r.timeSlotOffset,o=this.resolveNumericWallMilliseconds(a);return o===null?null:{epochMilliseconds:o,periodIndex:n,occurrenceIndex:e}}),f=d?.select(e-1);return f&&t.some(e=>this.numericQueryGapHazard(e,f.epochMilliseconds))?null:d}buildMonthlyNumericQueryPlan(e){let t=this.opts.interval,n=this.timeSlotOffsetsMs;if(!n?.length||!this.hasUniqueTimeSlotOffsets||this.opts.byMonth?.some(e=>typeof e!=`number`)||this.opts.bySetPos&&new Set(this.opts.bySetPos).size!==this.opts.bySetPos.length)return null;let r=this.originalDtstart.epochMilliseconds,i=this.originalDtstart.year*12+(this.originalDtstart.month-1),a=e=>{let n=e*t,r=i+n;if(!Number.isSafeInteger(n)||!Number.isSafeInteger(r))return null;let{year:a,month:o}=this.monthIndexToYearMonth(r);return this.generateMonthlyOccurrenceEpochsUtc(a,o)},o=a(0);if(!o)return null;let s=[];for(let e of o){let t=this.resolveNumericWallMilliseconds(e);if(t===null)return null;t>=r&&s.push({epochMilliseconds:t,periodIndex:0,occurrenceIndex:s.length})}let c=4800/sb(t,4800),l=Math.max(0,e-s.length),u=[0];for(let e=0;e<c&&u.at(-1)<l;e++){let t=a(1+e);if(!t)return null;u.push(u[e]+t.length)}let d=u.length-1===c,f=u.at(-1);if(f===0&&s.length<e)return null;let p=this.createNumericQueryPlan(`monthly`,e,e=>{if(e<s.length)return{...s[e],occurrenceIndex:e};if(f===0)return null;let t=e-s.length,n=d?Math.floor(t/f):0,r=d?t%f:t;if(r>=f)return null;let i=1,o=u.length-1;for(;i<o;){let e=i+Math.floor((o-i)/2);u[e]>r?o=e:i=e+1}let l=i-1,p=1+n*c+l;if(!Number.isSafeInteger(p))return null;let m=a(p);if(!m)return null;let h=m[r-u[l]];if(h===void 0)return null;let g=this.resolveNumericWallMilliseconds(h);return g===null?null:{epochMilliseconds:g,periodIndex:p,occurrenceIndex:e}}),m=p?.select(e-1);return m&&n.some(e=>this.numericQueryGapHazard(e,m.epochMilliseconds))?null:p}generateYearlyOccurrenceDaysUtc(e){let t=!!(this.opts.byDay||this.opts.byMonthDay);this.numericByMonths?.length;let n=this.numericByMonths?.length?[...this.numericByMonths].sort((e,t)=>e-t):t?[1,2,3,4,5,6,7,8,9,10,11,12]:[this.originalDtstart.month],r=[];if(this.hasOrdinalByDay&&!this.numericByMonths?.length){let t=this.isGregorianLeapYear(e)?366:365,n=this.gregorianIsoDayOfWeek(e,1,1),i=vb(n,t-1),a=/* @__PURE__ */ new Set;for(let e of this.parsedByDayTokens??[]){if(e.ord===0)continue;let r=e.ord>0?1+(e.isoDay-n+7)%7+7*(e.ord-1):t-(i-e.isoDay+7)%7+7*(e.ord+1);r>=1&&r<=t&&a.add(r)}for(let t of[...a].sort((e,t)=>e-t)){let n=t,i=1;for(;n>this.daysInGregorianMonth(e,i);)n-=this.daysInGregorianMonth(e,i),i+=1;r.push({month:i,day:n})}}else for(let i of n){let n;n=t?this.generateMonthlyOccurrenceDaysUtc(e,i):this.originalDtstart.day<=this.daysInGregorianMonth(e,i)?[this.originalDtstart.day]:[];for(let e of n)r.push({month:i,day:e})}return r.map(({month:t,day:n})=>hb(e,t,n))}generateYearlyOccurrenceEpochsUtc(e,t=!0){let n=this.timeSlotOffsetsMs;if(!n?.length)return[];let r=[];for(let t of this.generateYearlyOccurrenceDaysUtc(e)){let e=t*Z;if(!mb(e))return[];for(let t of n)r.push(e+t)}if(r.sort((e,t)=>e-t),!t||!this.opts.bySetPos?.length)return r;let i=this.applyBySetPosToSortedList(r).sort((e,t)=>e-t);return i.filter((e,t)=>t===0||e!==i[t-1])}yearlyCandidateEvaluationCountUtc(e){let t=this.generateYearlyOccurrenceEpochsUtc(e,!1).length,n=this.opts.bySetPos;if(!n?.length)return t;let r=0,i=0;for(let e of n)e>0?r=Math.max(r,e):i=Math.max(i,-e);return Math.min(t,r)+Math.min(t,i)}buildYearlyNumericQueryPlan(e){let t=this.opts.interval,n=this.timeSlotOffsetsMs;if(!n?.length||!this.hasUniqueTimeSlotOffsets||this.opts.byMonth?.some(e=>typeof e!=`number`)||this.opts.byYearDay||this.opts.byWeekNo)return null;let r=!!(this.opts.byDay||this.opts.byMonthDay),i=!!this.opts.byMonth&&!r;if(!this.opts.byMonth&&!r&&n.length!==1||i&&(n.length!==1||this.opts.bySetPos)||this.hasOrdinalByDay&&!this.numericByMonths?.length&&(this.opts.byMonthDay||this.parsedByDayTokens?.some(e=>e.ord===0)))return null;let a=this.originalDtstart.epochMilliseconds,o=this.originalDtstart.year,s=e=>{let n=e*t,r=o+n;return!Number.isSafeInteger(n)||!Number.isSafeInteger(r)?null:this.generateYearlyOccurrenceEpochsUtc(r)},c=s(0);if(!c)return null;let l=[];for(let e of c){let t=this.resolveNumericWallMilliseconds(e);if(t===null)return null;t>=a&&l.push({epochMilliseconds:t,periodIndex:0,occurrenceIndex:l.length})}let u=400/sb(t,400),d=Math.max(0,e-l.length),f=[0],p=[0];for(let e=0;e<u&&f.at(-1)<d;e++){let n=s(1+e);if(!n)return null;f.push(f[e]+n.length);let r=o+(1+e)*t;p.push(p[e]+this.yearlyCandidateEvaluationCountUtc(r))}let m=f.length-1===u,h=f.at(-1);if(h===0&&l.length<e)return null;if(r){let e=this.yearlyCandidateEvaluationCountUtc(o);if(m&&d>0){let t=Math.floor(d/h),n=d%h;if(e+=t*p.at(-1),n>0){let t=1;for(;f[t]<n;)t+=1;e+=p[t]}}else e+=p.at(-1);if(e>this.maxCandidateEvaluations)return null}let g=this.createNumericQueryPlan(`yearly`,e,e=>{if(e<l.length)return{...l[e],occurrenceIndex:e};if(h===0)return null;let t=e-l.length,n=m?Math.floor(t/h):0,r=m?t%h:t;if(r>=h)return null;let i=1,a=f.length-1;for(;i<a;){let e=i+Math.floor((a-i)/2);f[e]>r?a=e:i=e+1}let o=i-1,c=1+n*u+o;if(!Number.isSafeInteger(c))return null;let d=s(c);if(!d)return null;let p=d[r-f[o]];if(p===void 0)return null;let g=this.resolveNumericWallMilliseconds(p);return g===null?null:{epochMilliseconds:g,periodIndex:c,occurrenceIndex:e}}),_=g?.select(e-1);return _&&n.some(e=>this.numericQueryGapHazard(e,_.epochMilliseconds))?null:g}buildNumericQueryPlan(){let e=this.opts.count,t=this.opts.interval;if(e===void 0||!Number.isSafeInteger(e)||e<=0||!Number.isSafeInteger(t)||t<=0||!Number.isSafeInteger(this.maxIterations)||this.maxIterations<=0||this.maxCandidateEvaluations!==1e6||this.includeDtstart||this.opts.rscale!==void 0||!this.canUseEpochMillisecondsPrecisionFlag||this.originalDtstart.timeZoneId!==this.tzid||![`iso8601`,`gregory`].includes(this.originalDtstart.calendarId))return null;let n=!!(this.opts.byMonth||this.opts.byMonthDay||this.opts.byYearDay||this.opts.byWeekNo||this.opts.bySetPos);switch(this.opts.freq){case`HOURLY`:case`MINUTELY`:case`SECONDLY`:return n||this.opts.byDay||this.opts.byHour||this.opts.byMinute||this.opts.bySecond?null:this.buildFixedStepNumericQueryPlan(e);case`DAILY`:return n||this.hasOrdinalByDay||!this.hasUniqueTimeSlotOffsets?null:this.buildDailyNumericQueryPlan(e);case`WEEKLY`:return n||this.hasOrdinalByDay||!this.hasUniqueTimeSlotOffsets?null:this.buildWeeklyNumericQueryPlan(e);case`MONTHLY`:return this.opts.byYearDay||this.opts.byWeekNo||!(this.opts.byDay||this.opts.byMonthDay)||!this.hasUniqueTimeSlotOffsets?null:this.buildMonthlyNumericQueryPlan(e);case`YEARLY`:return this.buildYearlyNumericQueryPlan(e);default:return null}}getNumericQueryPlan(){if(this.numericQueryPlanCache!==void 0)return this.numericQueryPlanCache;try{this.numericQueryPlanCache=this.buildNumericQueryPlan(),this.numericQueryPlanCache&&this.tzid!==`UTC`&&this.resolveNumericWallMilliseconds(this.wallMsOf(this.originalDtstart))!==this.originalDtstart.epochMilliseconds&&(this.numericQueryPlanCache=null)}catch{this.numericQueryPlanCache=null}return this.numericQueryPlanCache}buildPeriodQueryPlan(){let e=this.opts.interval;if(this.opts.count!==void 0||!Number.isSafeInteger(e)||e<=0||!Number.isSafeInteger(this.maxIterations)||this.maxIterations<=32||this.maxCandidateEvaluations!==1e6||this.includeDtstart||this.opts.rscale!==void 0||!this.canUseEpochMillisecondsPrecisionFlag||this.originalDtstart.timeZoneId!==this.tzid||![`iso8601`,`gregory`].includes(this.originalDtstart.calendarId))return null;let{freq:t,byDay:n,byMonth:r,byMonthDay:i,byYearDay:a,byWeekNo:o,bySetPos:s}=this.opts,c=!!(r||i||a||o||s),l=!!(this.opts.byHour||this.opts.byMinute||this.opts.bySecond),u=this.tzid===`UTC`?this.originalDtstart.epochMilliseconds:this.wallMsOf(this.originalDtstart),d=Math.floor(u/Z),f=this.timeSlotOffsetsMs;switch(t){case`HOURLY`:case`MINUTELY`:case`SECONDLY`:{if(c||n||l||![`UTC`,`Etc/UTC`,`Etc/GMT`].includes(this.tzid)&&!/^[-+]\d{2}:?\d{2}(?::?\d{2})?$/.test(this.tzid)&&t===`HOURLY`&&e===1)return null;let r=(t===`HOURLY`?Zy:t===`MINUTELY`?Xy:Yy)*e;return Number.isSafeInteger(r)?{stepMilliseconds:r,candidatesPerPeriod:1,periodOfWall:()=>0,wallsForPeriod:()=>null}:null}case`DAILY`:{if(c||this.hasOrdinalByDay||!f?.length||!this.hasUniqueTimeSlotOffsets)return null;let t=this.simpleByDayIsoDays;if(t?.length&&this.findFirstMatchingDailyStep(_b(d),e,t)===null)return null;let n=cb(t);return{candidatesPerPeriod:f.length,periodOfWall:t=>Math.floor((Math.floor(t/Z)-d)/e),wallsForPeriod:t=>{let r=d+t*e;return Number.isSafeInteger(r)?lb(n,_b(r))?f.map(e=>r*Z+e):[]:null}}}case`WEEKLY`:{if(c||this.hasOrdinalByDay||!f?.length||!this.hasUniqueTimeSlotOffsets)return null;let t=_b(d),r=X[yb(this.opts.wkst||`MO`)??`MO`]??1,i=(n?[...this.allByDayIsoDays??[]]:[t]).map(e=>(e-r+7)%7).sort((e,t)=>e-t);if(i.length===0)return null;let a=i.flatMap(e=>f.map(t=>e*Z+t)),o=d-(t-r+7)%7,s=7*e;return{candidatesPerPeriod:a.length,periodOfWall:e=>Math.floor((Math.floor(e/Z)-o)/s),wallsForPeriod:e=>{let t=o+e*s;return Number.isSafeInteger(t)?a.map(e=>t*Z+e):null}}}case`MONTHLY`:{if(a||o||!f?.length||!this.hasUniqueTimeSlotOffsets||r?.some(e=>typeof e!=`number`))return null;let t=this.originalDtstart.year*12+(this.originalDtstart.month-1),n=n=>{let r=t+n*e;if(!Number.isSafeInteger(r))return null;let i=this.monthIndexToYearMonth(r);return mb(hb(i.year,i.month,1)*Z)?i:null};return{candidatesPerPeriod:62*f.length,periodOfWall:n=>{let{year:r,month:i}=gb(Math.floor(n/Z));return Math.floor((r*12+i-1-t)/e)},wallsForPeriod:e=>{let t=n(e);return t&&this.generateMonthlyOccurrenceEpochsUtc(t.year,t.month)},rankedPeriodWallSpan:s?e=>{let t=n(e);if(!t)return null;let r=hb(t.year,t.month,1)*Z;return[r,r+this.daysInGregorianMonth(t.year,t.month)*Z]}:void 0}}case`YEARLY`:{if(a||o||!f?.length||!this.hasUniqueTimeSlotOffsets||r?.some(e=>typeof e!=`number`)||!(n||i)&&(f.length!==1||r&&s)||this.hasOrdinalByDay&&!this.numericByMonths?.length&&(i||this.parsedByDayTokens?.some(e=>e.ord===0||Math.abs(e.ord)>52)))return null;let t=this.originalDtstart.year,c=n=>{let r=t+n*e;return Number.isSafeInteger(r)&&r>-271821&&r<275760?r:null};return{candidatesPerPeriod:732*f.length,periodOfWall:n=>Math.floor((gb(Math.floor(n/Z)).year-t)/e),wallsForPeriod:e=>{let t=c(e);return t===null?null:this.generateYearlyOccurrenceEpochsUtc(t)},rankedPeriodWallSpan:s?e=>{let t=c(e);return t===null?null:[hb(t,1,1)*Z,hb(t+1,1,1)*Z]}:void 0}}}return null}getPeriodQueryPlan(){if(this.periodQueryPlanCache!==void 0)return this.periodQueryPlanCache;try{this.periodQueryPlanCache=this.buildPeriodQueryPlan(),this.periodQueryPlanCache&&this.tzid!==`UTC`&&this.resolveNumericWallMilliseconds(this.wallMsOf(this.originalDtstart))!==this.originalDtstart.epochMilliseconds&&(this.periodQueryPlanCache=null)}catch{this.periodQueryPlanCache=null}return this.periodQueryPlanCache}findFirstMatchingDailyStep(e,t,n){let r=e;for(let e=0;e<7;e++){if(n.includes(r))return e;r=vb(r,t)}return null}allUtcFastPath(e){if(this.canUseUtcLinearFastPath(e))switch(this.opts.freq){case`DAILY`:return this.opts.byHour||this.opts.byMinute||this.opts.bySecond?this.hasUniqueTimeSlotOffsets?this._allUtcDailyExpanded():null:this._allUtcDailySimple();case`HOURLY`:return this._allUtcFixedStepSimple(rb*BigInt(this.opts.interval));case`MINUTELY`:return this._allUtcFixedStepSimple(nb*BigInt(this.opts.interval));case`SECONDLY`:return this._allUtcFixedStepSimple(tb*BigInt(this.opts.interval))}return this.canUseUtcMonthlyFastPath(e)?this._allUtcMonthlyByDayOrMonthDay():this.canUseUtcWeeklyFastPath(e)?this.opts.byHour||this.opts.byMinute||this.opts.bySecond?this.hasUniqueTimeSlotOffsets?this._allUtcWeeklyExpanded():null:this._allUtcWeeklySimple():null}_allUtcFixedStepSimple(e){let t=[];if(!this.addDtstartIfNeeded(t))return t;let n=0;if(this.canUseUtcEpochMillisecondsPrecision()){let r=this.originalDtstart.epochMilliseconds,i=Number(e/Q),a=this.opts.until?.epochMilliseconds;for(;;){if(++n>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);if(a!==void 0&&r>a||(t.push(this.utcZdtFromEpochMilliseconds(r)),this.shouldBreakForCountLimit(t.length)))break;r+=i}return t}let r=this.originalDtstart.epochNanoseconds,i=this.opts.until?.epochNanoseconds;for(;;){if(++n>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);if(i!==void 0&&r>i||(t.push(this.utcZdtFromEpochNanoseconds(r)),this.shouldBreakForCountLimit(t.length)))break;r+=e}return t}_allUtcDailySimple(){let e=[];if(!this.addDtstartIfNeeded(e))return e;let t=this.opts.interval,n=this.simpleByDayIsoDays,r=0;if(this.canUseUtcEpochMillisecondsPrecision()){let i=t*Z,a=this.opts.until?.epochMilliseconds,o=this.originalDtstart.epochMilliseconds,s=this.originalDtstart.dayOfWeek;if(n?.length){let r=this.findFirstMatchingDailyStep(s,t,n);if(r===null)return e;o+=r*i,s=vb(s,r*t)}for(;;){if(++r>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);if(a!==void 0&&o>a||(!n||n.includes(s))&&(e.push(this.utcZdtFromEpochMilliseconds(o)),this.shouldBreakForCountLimit(e.length)))break;o+=i,s=vb(s,t)}return e}let i=BigInt(t)*ib,a=this.opts.until?.epochNanoseconds,o=this.originalDtstart.epochNanoseconds,s=this.originalDtstart.dayOfWeek;if(n?.length){let r=this.findFirstMatchingDailyStep(s,t,n);if(r===null)return e;o+=BigInt(r)*i,s=vb(s,r*t)}for(;;){if(++r>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);if(a!==void 0&&o>a||(!n||n.includes(s))&&(e.push(this.utcZdtFromEpochNanoseconds(o)),this.shouldBreakForCountLimit(e.length)))break;o+=i,s=vb(s,t)}return e}_allUtcDailyExpanded(){let e=[];if(!this.addDtstartIfNeeded(e))return e;let t=this.timeSlotOffsetsMs,n=this.originalDtstart.epochMilliseconds,r=this.opts.until?.epochMilliseconds,i=this.opts.interval,a=this.simpleByDayIsoDays,o=Math.floor(n/Z),s=this.originalDtstart.dayOfWeek;if(a?.length){let t=this.findFirstMatchingDailyStep(s,i,a);if(t===null)return e;let n=t*i;o+=n,s=vb(s,n)}let c=0;for(;;){if(++c>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);if(!a||a.includes(s)){let i=o*Z;for(let a of t){let t=i+a;if(!(t<n)&&(r!==void 0&&t>r||(e.push(this.utcZdtFromEpochMilliseconds(t)),this.shouldBreakForCountLimit(e.length))))return e}}o+=i,s=vb(s,i)}}_allUtcWeeklySimple(){let e=[];if(!this.addDtstartIfNeeded(e))return e;let t=this.originalDtstart,n=X[yb(this.opts.wkst||`MO`)??`MO`]??1,r=(this.opts.byDay?[...this.allByDayIsoDays??[]]:[t.dayOfWeek]).map(e=>(e-n+7)%7).sort((e,t)=>e-t),i=(t.dayOfWeek-n+7)%7,a=0;if(this.canUseUtcEpochMillisecondsPrecision()){let n=t.epochMilliseconds,o=this.opts.until?.epochMilliseconds,s=this.opts.interval*Qy,c=n-i*Z;for(;;){if(++a>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);for(let t of r){let r=c+t*Z;if(!(r<n)&&(o!==void 0&&r>o||(e.push(this.utcZdtFromEpochMilliseconds(r)),this.shouldBreakForCountLimit(e.length))))return e}c+=s}}let o=t.epochNanoseconds,s=this.opts.until?.epochNanoseconds,c=BigInt(this.opts.interval)*ab,l=o-BigInt(i)*ib;for(;;){if(++a>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);for(let t of r){let n=l+BigInt(t)*ib;if(!(n<o)&&(s!==void 0&&n>s||(e.push(this.utcZdtFromEpochNanoseconds(n)),this.shouldBreakForCountLimit(e.length))))return e}l+=c}}_allUtcWeeklyExpanded(){let e=[];if(!this.addDtstartIfNeeded(e))return e;let t=this.originalDtstart,n=t.epochMilliseconds,r=Math.floor(n/Z),i=this.opts.until?.epochMilliseconds,a=this.timeSlotOffsetsMs,o=X[yb(this.opts.wkst||`MO`)??`MO`]??1,s=(this.opts.byDay?[...this.allByDayIsoDays??[]]:[t.dayOfWeek]).map(e=>(e-o+7)%7).sort((e,t)=>e-t),c=(t.dayOfWeek-o+7)%7,l=this.opts.interval*7,u=r-c,d=0;for(;;){if(++d>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);for(let t of s){let r=(u+t)*Z;for(let t of a){let a=r+t;if(!(a<n)&&(i!==void 0&&a>i||(e.push(this.utcZdtFromEpochMilliseconds(a)),this.shouldBreakForCountLimit(e.length))))return e}}u+=l}}hasSingleExpandedTimeSlot(){if(this.timeSlotOffsetsMs)return this.timeSlotOffsetsMs.length===1;let e=this.opts.byHour??[this.originalDtstart.hour],t=this.opts.byMinute??[this.originalDtstart.minute],n=this.opts.bySecond??[this.originalDtstart.second];return e.length===1&&t.length===1&&n.length===1}buildMonthlyOccurrenceOnDay(e,t){let n=e.day===t?e:e.with({day:t});return this.applyTimeOverride(n)}applyBySetPosToSortedList(e){let{bySetPos:t}=this.opts;if(!t||!t.length||e.length===0)return e;let n=[],r=e.length;for(let i of t){let t=i>0?i-1:r+i;t>=0&&t<r&&n.push(e[t])}return n}generateMonthlyOccurrenceDays(e){let{byDay:t,byMonth:n,byMonthDay:r}=this.opts,i=e.day===1?e:e.with({day:1});if(n&&!n.includes(e.month))return[];let a=i.add({months:1}).subtract({days:1}).day,o=[];if(r&&r.length>0&&(o=r.map(e=>e>0?e:a+e+1).filter(e=>e>=1&&e<=a),o=[...new Set(o)].sort((e,t)=>e-t)),!t&&r&&r.length>0)return o;if(!t)return[e.day];let s=this.parsedByDayTokens;if(!s?.length)return[];let c=i.dayOfWeek,l=(c-1+a-1)%7+1,u=/* @__PURE__ */ new Set;for(let{ord:e,isoDay:t}of s)if(e===0){let e=1+(t-c+7)%7;for(;e<=a;)u.add(e),e+=7}else{let n;n=e>0?1+(t-c+7)%7+7*(e-1):a-(l-t+7)%7+7*(e+1),n>=1&&n<=a&&u.add(n)}let d=[...u].sort((e,t)=>e-t);if(r&&r.length>0){if(o.length===0)return[];let e=new Set(o);d=d.filter(t=>e.has(t))}return d}isGregorianLeapYear(e){return e%4==0&&(e%100!=0||e%400==0)}daysInGregorianMonth(e,t){return t===2&&this.isGregorianLeapYear(e)?29:$y[t-1]}gregorianIsoDayOfWeek(e,t,n){let r=e;t<3&&--r;let i=((r+Math.floor(r/4)-Math.floor(r/100)+Math.floor(r/400)+eb[t-1]+n)%7+7)%7;return i===0?7:i}monthIndexToYearMonth(e){let t=Math.floor(e/12);return{year:t,month:e-t*12+1}}generateMonthlyOccurrenceDaysUtc(e,t){if(this.numericByMonths&&this.numericByMonths.length>0&&!this.numericByMonths.includes(t))return[];let n=this.opts.byMonthDay,r=this.opts.byDay,i=this.daysInGregorianMonth(e,t),a=[];if(n&&n.length>0&&(a=n.map(e=>e>0?e:i+e+1).filter(e=>e>=1&&e<=i),a=[...new Set(a)].sort((e,t)=>e-t)),!r&&n&&n.length>0)return a;if(!r){let e=this.originalDtstart.day;return e>=1&&e<=i?[e]:[]}let o=this.parsedByDayTokens;if(!o?.length)return[];let s=this.gregorianIsoDayOfWeek(e,t,1),c=vb(s,i-1),l=/* @__PURE__ */ new Set;for(let{ord:e,isoDay:t}of o)if(e===0){let e=1+(t-s+7)%7;for(;e<=i;)l.add(e),e+=7}else{let n;n=e>0?1+(t-s+7)%7+7*(e-1):i-(c-t+7)%7+7*(e+1),n>=1&&n<=i&&l.add(n)}let u=[...l].sort((e,t)=>e-t);if(n&&n.length>0){if(a.length===0)return[];let e=new Set(a);u=u.filter(t=>e.has(t))}return u}generateMonthlyOccurrenceEpochsUtc(e,t){let n=this.generateMonthlyOccurrenceDaysUtc(e,t);if(n.length===0)return[];let r=hb(e,t,1)*Z;if(!mb(r))return[];let i=this.timeSlotOffsetsMs??[0];if(this.opts.bySetPos&&this.opts.bySetPos.length>0){if(i.length===1){let e=this.applyBySetPosToSortedList(n).sort((e,t)=>e-t),t=i[0];return e.filter((t,n)=>n===0||t!==e[n-1]).map(e=>r+(e-1)*Z+t)}let e=[];for(let t of n){let n=r+(t-1)*Z;for(let t of i)e.push(n+t)}let t=this.applyBySetPosToSortedList(e).sort((e,t)=>e-t);return t.filter((e,n)=>n===0||e!==t[n-1])}let a=[];for(let e of n){let t=r+(e-1)*Z;for(let e of i)a.push(t+e)}return a}_allUtcMonthlyByDayOrMonthDay(){let e=[],t=this.originalDtstart.epochMilliseconds,n=this.opts.until?.epochMilliseconds,r=0;if(!this.addDtstartIfNeeded(e))return e;let i=this.opts.until?.withTimeZone(this.tzid).withCalendar(`iso8601`),a=i?i.year*12+i.month-1:void 0,o=this.originalDtstart.year*12+(this.originalDtstart.month-1);for(;;){if(a!==void 0&&o>a)return e;if(++r>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let{year:i,month:s}=this.monthIndexToYearMonth(o),c=this.generateMonthlyOccurrenceEpochsUtc(i,s);for(let r of c)if(!(r<t)&&(n!==void 0&&r>n||(e.push(this.utcZdtFromEpochMilliseconds(r)),this.shouldBreakForCountLimit(e.length))))return e;o+=this.opts.interval}}getZoneResolver(){return this.zoneResolver??=Hy(this.tzid)}zdtFromEpochMs(e){if(Ny||this.tzid===`UTC`)return new Y.ZonedDateTime(BigInt(e)*Q,this.tzid,this.originalDtstart.calendarId);let t=this.emitAnchorZdt;return t?t.add({milliseconds:e-t.epochMilliseconds}):(t=this.emitAnchorZdt=new Y.ZonedDateTime(BigInt(e)*Q,this.tzid,this.originalDtstart.calendarId),t)}wallMsOf(e){return e.epochMilliseconds+e.offsetNanoseconds/1e6}canUseTzEpochFastPaths(e){return!(e||this.maxCandidateEvaluations!==1e6||this.tzid===`UTC`||this.originalDtstart.timeZoneId!==this.tzid||this.opts.freq===`YEARLY`||this.opts.rscale||![`iso8601`,`gregory`].includes(this.originalDtstart.calendarId)||!this.canUseEpochMillisecondsPrecisionFlag||this.resolveNumericWallMilliseconds(this.wallMsOf(this.originalDtstart))!==this.originalDtstart.epochMilliseconds)}tzFastPathGapHazard(e){let t=this.originalDtstart.epochMilliseconds,n;if(this.opts.until)n=this.opts.until.epochMilliseconds;else if(this.opts.count!==void 0){let e=this.tzFastPathCountSpanMs(this.opts.count);if(e===void 0)return!0;n=t+e+30*Z}else return!0;return n-t>474336e7||this.getZoneResolver().timeOfDayMayHitGap(e,t-Z,n+Z)}tzFastPathCountSpanMs(e){let t=this.opts.interval,n=this.timeSlotOffsetsMs?.length??1,r=this.wallMsOf(this.originalDtstart);switch(this.opts.freq){case`DAILY`:{let i=this.simpleByDayIsoDays,a=i?.length?7/sb(t,7):1,o=a;if(i?.length){let e=_b(Math.floor(r/Z));o=0;for(let n=0;n<a;n++)i.includes(vb(e,n*t))&&o++;if(o===0)return 0}return(Math.ceil(e/(o*n))+1)*a*t*Z}case`WEEKLY`:{let r=this.opts.byDay?this.allByDayIsoDays?.length??0:1;return r===0?0:(Math.ceil(e/(r*n))+1)*t*Qy}}}allTzEpochFastPath(e){if(!this.canUseTzEpochFastPaths(e))return null;let t=!this.opts.byMonth&&!this.opts.byMonthDay&&!this.opts.byYearDay&&!this.opts.byWeekNo&&!this.opts.bySetPos;if(t)switch(this.opts.freq){case`DAILY`:if(!this.hasOrdinalByDay)return this.opts.byHour||this.opts.byMinute||this.opts.bySecond?this.hasUniqueTimeSlotOffsets?this._allTzDailyExpanded():null:this._allTzDailySimple();break;case`HOURLY`:case`MINUTELY`:case`SECONDLY`:if(!this.opts.byDay&&!this.opts.byHour&&!this.opts.byMinute&&!this.opts.bySecond){let e=this.opts.freq===`HOURLY`?Zy:this.opts.freq===`MINUTELY`?Xy:Yy;return this._allTzFixedStepSimple(e*this.opts.interval)}}return this.opts.freq===`MONTHLY`&&!this.opts.byYearDay&&!this.opts.byWeekNo&&this.hasSingleExpandedTimeSlot()&&(this.opts.byDay||this.opts.byMonthDay)?this._allTzMonthlyByDayOrMonthDay():this.opts.freq===`WEEKLY`&&t&&!this.hasOrdinalByDay&&this.hasUniqueTimeSlotOffsets?this.opts.byHour||this.opts.byMinute||this.opts.bySecond?this._allTzWeeklyExpanded():this._allTzWeeklySimple():null}_allTzDailySimple(){let e=[];if(!this.addDtstartIfNeeded(e))return e;let t=this.getZoneResolver(),n=this.wallMsOf(this.originalDtstart),r=Math.floor(n/Z),i=n-r*Z;if(this.tzFastPathGapHazard(i))return null;let a=this.opts.interval,o=this.simpleByDayIsoDays,s=this.opts.until?.epochMilliseconds,c=_b(r);if(o?.length){let t=this.findFirstMatchingDailyStep(c,a,o);if(t===null)return e;r+=t*a,c=vb(c,t*a)}let l=0;for(;;){if(++l>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);if(!o||o.includes(c)){let n=t.epochMsForWall(r*Z+i);if(n.pushed)return null;if(s!==void 0&&n.epochMs>s||(e.push(this.zdtFromEpochMs(n.epochMs)),this.shouldBreakForCountLimit(e.length)))break}r+=a,c=vb(c,a)}return e}_allTzDailyExpanded(){let e=[];if(!this.addDtstartIfNeeded(e))return e;let t=this.getZoneResolver(),n=this.originalDtstart.epochMilliseconds,r=this.wallMsOf(this.originalDtstart),i=this.timeSlotOffsetsMs;for(let e of i)if(this.tzFastPathGapHazard(e))return null;let a=this.opts.interval,o=this.simpleByDayIsoDays,s=this.opts.until?.epochMilliseconds,c=Math.floor(r/Z),l=_b(c);if(o?.length){let t=this.findFirstMatchingDailyStep(l,a,o);if(t===null)return e;let n=t*a;c+=n,l=vb(l,n)}let u=0;for(;;){if(++u>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);if(!o||o.includes(l)){let r=c*Z;for(let a of i){let i=t.epochMsForWall(r+a);if(i.pushed)return null;if(!(i.epochMs<n)&&(s!==void 0&&i.epochMs>s||(e.push(this.zdtFromEpochMs(i.epochMs)),this.shouldBreakForCountLimit(e.length))))return e}}c+=a,l=vb(l,a)}}_allTzFixedStepSimple(e){let t=[];if(!this.addDtstartIfNeeded(t))return t;let n=this.getZoneResolver(),r=this.opts.until?.epochMilliseconds,i=this.opts.freq===`HOURLY`&&this.opts.interval===1,a=e=>{let t=e+n.offsetMsAt(e);return Math.floor((t%Z+Z)%Z/Zy)},o=this.originalDtstart.epochMilliseconds,s=0;for(;;){if(++s>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);if(r!==void 0&&o>r||(t.push(this.zdtFromEpochMs(o)),this.shouldBreakForCountLimit(t.length)))break;let n=o+e;i&&a(n)===a(o)&&(n+=e),o=n}return t}_allTzWeeklySimple(){let e=[];if(!this.addDtstartIfNeeded(e))return e;let t=this.getZoneResolver(),n=this.originalDtstart,r=n.epochMilliseconds,i=this.wallMsOf(n),a=Math.floor(i/Z),o=i-a*Z;if(this.tzFastPathGapHazard(o))return null;let s=_b(a),c=X[yb(this.opts.wkst||`MO`)??`MO`]??1,l=(this.opts.byDay?[...this.allByDayIsoDays??[]]:[s]).map(e=>(e-c+7)%7).sort((e,t)=>e-t),u=(s-c+7)%7,d=this.opts.until?.epochMilliseconds,f=this.opts.interval*7,p=a-u,m=0;for(;;){if(++m>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);for(let n of l){let i=t.epochMsForWall((p+n)*Z+o);if(i.pushed)return null;if(!(i.epochMs<r)&&(d!==void 0&&i.epochMs>d||(e.push(this.zdtFromEpochMs(i.epochMs)),this.shouldBreakForCountLimit(e.length))))return e}p+=f}}_allTzWeeklyExpanded(){let e=[];if(!this.addDtstartIfNeeded(e))return e;let t=this.getZoneResolver(),n=this.originalDtstart,r=n.epochMilliseconds,i=this.wallMsOf(n),a=Math.floor(i/Z),o=this.timeSlotOffsetsMs;for(let e of o)if(this.tzFastPathGapHazard(e))return null;let s=_b(a),c=X[yb(this.opts.wkst||`MO`)??`MO`]??1,l=(this.opts.byDay?[...this.allByDayIsoDays??[]]:[s]).map(e=>(e-c+7)%7).sort((e,t)=>e-t),u=(s-c+7)%7,d=this.opts.until?.epochMilliseconds,f=this.opts.interval*7,p=a-u,m=0;for(;;){if(++m>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);for(let n of l){let i=(p+n)*Z;for(let n of o){let a=t.epochMsForWall(i+n);if(a.pushed)return null;if(!(a.epochMs<r)&&(d!==void 0&&a.epochMs>d||(e.push(this.zdtFromEpochMs(a.epochMs)),this.shouldBreakForCountLimit(e.length))))return e}}p+=f}}_allTzMonthlyByDayOrMonthDay(){let e=[];if(!this.addDtstartIfNeeded(e))return e;let t=this.getZoneResolver(),n=this.originalDtstart.epochMilliseconds,r=this.opts.until?.epochMilliseconds,i=this.opts.bySetPos?this.timeSlotOffsetsMs[0]:void 0,a=this.opts.until?.withTimeZone(this.tzid).withCalendar(`iso8601`),o=a?a.year*12+a.month-1:void 0,s=this.originalDtstart.year*12+(this.originalDtstart.month-1),c=0;for(;;){if(o!==void 0&&s>o)return e;if(++c>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let{year:a,month:l}=this.monthIndexToYearMonth(s);if(i!==void 0){let e=hb(a,l,1)*Z,n=e+this.daysInGregorianMonth(a,l)*Z;if(t.timeOfDayMayHitGap(i,e-Z,n+Z))return null}for(let i of this.generateMonthlyOccurrenceEpochsUtc(a,l)){let a=t.epochMsForWall(i);if(a.pushed)return null;if(!(a.epochMs<n)&&(r!==void 0&&a.epochMs>r||(e.push(this.zdtFromEpochMs(a.epochMs)),this.shouldBreakForCountLimit(e.length))))return e}s+=this.opts.interval}}processOccurrences(e,t,n,r,i){for(let a of e)if(!this.processOccurrence(a,t,n,r,i))return{shouldBreak:!0};return{shouldBreak:!1}}processOccurrence(e,t,n,r,i,a){if(a){if(a.seenOccurrences.size===0&&t.length>0)for(let e of t)a.seenOccurrences.add(e.epochNanoseconds);if(a.seenOccurrences.has(e.epochNanoseconds))return!0;a.seenOccurrences.add(e.epochNanoseconds)}return Y.ZonedDateTime.compare(e,n)<0?!0:this.opts.until&&Y.ZonedDateTime.compare(e,this.opts.until)>0?!1:i&&!i(e)||r&&this.isExcluded(e)?!0:r&&!r(e,t.length)?!1:(t.push(e),!this.shouldBreakForCountLimit(t.length))}_allMonthlyByDayOrMonthDay(e,t){let n=[],r=this.createCandidateWorkBudget(),i=0,a=this.originalDtstart;if(!this.addDtstartIfNeeded(n,e))return this.applyCountLimitAndMergeRDates(n,e);let o=a.toPlainDate().with({day:1});for(;;){if(++i>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let s=t=>this.processOccurrence(t,n,a,e,void 0,r);if(!(this.visitUtcPeriodCandidates(o,s,t??a,this.opts.until,r)??this.visitPeriodCandidates(this.generateMonthlyDateCandidates(o),s,t??a,this.opts.until,r)))break;try{o=o.add({months:this.opts.interval})}catch{break}if(this.opts.until){let e=this.opts.until.withTimeZone(a.timeZoneId).withCalendar(a.calendarId);if(o.year*12+o.month>e.year*12+e.month)break}}return this.applyCountLimitAndMergeRDates(n,e)}_allWeekly(e,t){let n=[],r=this.createCandidateWorkBudget(),i=0,a=this.originalDtstart;if(!this.addDtstartIfNeeded(n,e))return this.applyCountLimitAndMergeRDates(n,e);let o=X,s=this.opts.byDay?[...this.allByDayIsoDays??[]]:this.opts.byMonthDay&&this.opts.byMonthDay.length>0?[...Object.values(o)]:[a.dayOfWeek],c=o[yb(this.opts.wkst||`MO`)??`MO`]??1,l=(a.dayOfWeek-c+7)%7,u=a.toPlainDate().subtract({days:l});for(;;){if(++i>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let o=s.map(e=>{let t=(e-c+7)%7;return u.add({days:t})}).filter(e=>this.matchesByMonth(e)&&this.matchesByMonthDay(e));if(!this.visitPeriodCandidates(o,t=>this.processOccurrence(t,n,a,e,void 0,r),t??a,this.opts.until,r))break;try{u=u.add({weeks:this.opts.interval})}catch{break}if(this.opts.until){let e=this.opts.until.withTimeZone(a.timeZoneId).withCalendar(a.calendarId);if(Y.PlainDate.compare(u,e.toPlainDate())>0)break}}return this.applyCountLimitAndMergeRDates(n,e)}_allYearlyComplex(e,t){let n=[],r=this.createCandidateWorkBudget(),i=0,a=this.originalDtstart;if(!this.addDtstartIfNeeded(n,e)||this.opts.until&&Y.ZonedDateTime.compare(this.opts.until,a)<0)return this.applyCountLimitAndMergeRDates(n,e);let o=a.toPlainDate().with({month:1,day:1}),s=this.opts.until?this.opts.until.withTimeZone(a.timeZoneId).withCalendar(a.calendarId).year+ +!!this.opts.byWeekNo:void 0;for(;;){if(++i>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let c=t=>this.processOccurrence(t,n,a,e,void 0,r);if(!(this.visitUtcPeriodCandidates(o,c,t??a,this.opts.until,r)??this.visitPeriodCandidates(this.generateYearlyDateCandidates(o),c,t??a,this.opts.until,r)))break;let l=this.opts.freq===`WEEKLY`?1:this.opts.interval;try{o=o.add({years:l})}catch{break}if(s!==void 0&&o.year>s)break}return this.applyCountLimitAndMergeRDates(n,e)}_allMinutelySecondlyComplex(e){let t=[],n=0;if(!this.addDtstartIfNeeded(t,e))return this.applyCountLimitAndMergeRDates(t,e);let r=this.computeFirst();for(;;){if(++n>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);if(this.opts.until&&Y.ZonedDateTime.compare(r,this.opts.until)>0)break;if(this.matchesAll(r)){if(e&&this.isExcluded(r)){r=this.nextCandidateSameDate(r);continue}if(e&&!e(r,t.length)||(t.push(r),this.shouldBreakForCountLimit(t.length)))break;r=this.nextCandidateSameDate(r)}else r=this.findNextValidDate(r)}return this.applyCountLimitAndMergeRDates(t,e)}_allMonthlyByWeekNo(e,t){let n=[],r=this.createCandidateWorkBudget(),i=0,a=this.originalDtstart;if(!this.addDtstartIfNeeded(n,e))return this.applyCountLimitAndMergeRDates(n,e);let o=a,s=[...this.opts.byWeekNo].sort((e,t)=>e-t),c=this.opts.interval,l=this.opts.until?this.opts.until.withTimeZone(a.timeZoneId).withCalendar(a.calendarId).year+1:void 0,u=0,d=-1;outer_loop:for(;!this.shouldBreakForCountLimit(n.length);){if(++i>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let f=o.year;if(f!==d&&o.month>=a.month){d=f;let i=s.flatMap(e=>this.generateDateCandidatesForWeekInYear(f,e));if(!this.visitDateTimeCandidates(i,1,t=>this.processOccurrence(t,n,a,e,void 0,r),t??a,this.opts.until,r))break outer_loop}if(u+=c,o=a.add({months:u}),l!==void 0&&o.year>l)break}return this.applyCountLimitAndMergeRDates(n,e)}_allMonthlyByYearDay(e,t){let n=[],r=this.createCandidateWorkBudget(),i=0,a=this.originalDtstart;if(!this.addDtstartIfNeeded(n,e))return this.applyCountLimitAndMergeRDates(n,e);let o=a.year,s=[...this.opts.byYearDay].sort((e,t)=>e-t),c=this.opts.interval,l=a.year*12+a.month;outer_loop:for(;!this.shouldBreakForCountLimit(n.length);){if(++i>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let u=a.toPlainDate().with({year:o,month:1,day:1}),d=u.with({month:12,day:31}).dayOfYear,f=[];for(let e of s){let t=e>0?e:d+e+1;t<=0||t>d||f.push(u.add({days:t-1}))}if(!this.visitDateTimeCandidates(f,1,t=>(t.year*12+t.month-l)%c!==0||!this.matchesByMonth(t)||this.processOccurrence(t,n,a,e,void 0,r),t??a,this.opts.until,r))break outer_loop;if(o++,this.opts.until&&o>this.opts.until.year+2)break;if(!this.opts.until&&this.opts.count){let e=Math.ceil(this.opts.count/(this.opts.byYearDay.length||1))*c+5;if(o>a.year+e)break}}return this.applyCountLimitAndMergeRDates(n,e)}_allDailyMinutelyHourlyWithBySetPos(e){let t=[],n=0,r=this.originalDtstart;if(!this.addDtstartIfNeeded(t,e))return this.applyCountLimitAndMergeRDates(t,e);let i,a;switch(this.opts.freq){case`MINUTELY`:i=r.with({second:0,microsecond:0,nanosecond:0}),a={minutes:this.opts.interval};break;case`HOURLY`:i=r.with({minute:0,second:0,microsecond:0,nanosecond:0}),a={hours:this.opts.interval};break;case`DAILY`:i=r.with({hour:0,minute:0,second:0,microsecond:0,nanosecond:0}),a={days:this.opts.interval};break;default:return this.applyCountLimitAndMergeRDates(t,e)}for(;;){if(++n>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let o=this.expandByTime(i);o=o.filter(e=>this.matchesAll(e)),o=this.applyBySetPos(o);let{shouldBreak:s}=this.processOccurrences(o,t,r,e);if(s||(i=i.add(a),this.opts.until&&Y.ZonedDateTime.compare(i,this.opts.until)>0))break}return this.applyCountLimitAndMergeRDates(t,e)}_allFallback(e){let t=[],n=0,r=this.computeFirst();if(this.includeDtstart&&Y.ZonedDateTime.compare(r,this.originalDtstart)>0&&!(e&&this.isExcluded(this.originalDtstart))&&(e&&!e(this.originalDtstart,t.length)||(t.push(this.originalDtstart),this.shouldBreakForCountLimit(t.length))))return this.applyCountLimitAndMergeRDates(t,e);for(;;){if(++n>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);if(this.opts.until&&Y.ZonedDateTime.compare(r,this.opts.until)>0||this.matchesAll(r)&&!(e&&this.isExcluded(r))&&(e&&!e(r,t.length)||(t.push(r),this.shouldBreakForCountLimit(t.length))))break;r=this.nextCandidateSameDate(r)}return this.applyCountLimitAndMergeRDates(t,e)}_allSubDailyPeriods(e){let t=[],n=this.createCandidateWorkBudget(),r=this.originalDtstart;if(!this.addDtstartIfNeeded(t,e))return this.applyCountLimitAndMergeRDates(t,e);let{freq:i,byHour:a,byMinute:o,bySecond:s,bySetPos:c}=this.opts,l=r.timeZoneId,u=r.calendarId,d=Hy(l),f=i===`HOURLY`?rb:i===`MINUTELY`?nb:tb,p=f*BigInt(this.opts.interval),m=r.epochNanoseconds,h=this.opts.until?.epochNanoseconds,g=i===`HOURLY`&&this.opts.interval===1,_=i===`HOURLY`?void 0:o,v=i===`SECONDLY`?s:void 0,y=i===`HOURLY`?o:void 0,ee=i===`SECONDLY`?void 0:s,te=BigInt(r.millisecond*1e6+r.microsecond*1e3+r.nanosecond),b=e=>Number(ub(e,Q)),ne=(e,t)=>{let n=d.nextTransitionAfter(b(e),Number(db(t,Q)));if(n===void 0)return;let r=BigInt(n)*Q;return r>e&&r<=t?r:void 0},x,S=e=>{if(Ny||l===`UTC`)return new Y.ZonedDateTime(e,l,u);x??=new Y.ZonedDateTime(e,l,u);let t=e-x.epochNanoseconds,n=ub(t,Q);return x.add({milliseconds:Number(n),nanoseconds:Number(t-n*Q)})},re=e=>e.toZonedDateTime(l).epochNanoseconds,ie=(e,t)=>ne(e,e+t-1n)??e+t,ae,oe,C=!1,se=0n,ce=0;for(;;){if(++ce>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let i=m+se*p;if(h!==void 0&&i-2n*f>h)break;let o=b(i),s=o+d.offsetMsAt(o),l=Math.floor(s/Z),x=s-l*Z,le=Math.floor(x/Zy),ue=Math.floor(x/Xy)%60,de=Math.floor(x/Yy)%60;if(g&&se>0n){let e=i-rb;if(ne(e,i)!==void 0){let t=b(e),n=t+d.offsetMsAt(t);if(Math.floor(n/Zy)===Math.floor(s/Zy)){se+=1n;continue}}}if(l!==ae){let{year:e,month:t}=gb(l);ae=l,oe=new Y.PlainDate(e,t,l-hb(e,t,1)+1,u),C=this.matchesSubDailyDate(oe)}let fe;if(!C)fe=re(this.nextSubDailyDateCandidate(oe));else if(a&&!a.includes(le)){let e=a.find(e=>e>le)??24,t=BigInt((ue*60+de)*1e3)*Q+te;fe=ie(i,BigInt(e-le)*rb-t)}else if(_&&!_.includes(ue)){let e=_.find(e=>e>ue)??60,t=BigInt(de*1e3)*Q+te;fe=ie(i,BigInt(e-ue)*nb-t)}else if(v&&!v.includes(de)){let e=v.find(e=>e>de)??60;fe=ie(i,BigInt(e-de)*tb-te)}if(fe!==void 0){if(h!==void 0&&fe>h)break;let e=fe-m,t=e<=0n?0n:db(e,p);se=t>se?t:se+1n;continue}let pe=[],me;for(let e of y??[ue])for(let t of ee??[de]){this.recordCandidateEvaluation(n);let r=BigInt((e-ue)*60+(t-de))*tb,a=i+r;if(r===0n||ne(r<0n?a:i,r<0n?i:a)===void 0){pe.push(a);continue}me??=S(i);let o=me.with({minute:e,second:t});o.hour===le&&o.minute===e&&o.second===t&&pe.push(o.epochNanoseconds)}pe.sort((e,t)=>e<t?-1:+(e>t));let he=c?.length?this.applyBySetPosToSortedList(pe).sort((e,t)=>e<t?-1:+(e>t)):pe;for(let i=0;i<he.length;i++){let a=he[i];if(!(a<m||i>0&&a===he[i-1])&&!this.processOccurrence(S(a),t,r,e,void 0,n))return this.applyCountLimitAndMergeRDates(t,e)}se+=1n}return this.applyCountLimitAndMergeRDates(t,e)}matchesSubDailyDate(e){return this.matchesByMonth(e)&&this.matchesByWeekNo(e)&&this.matchesByYearDay(e)&&this.matchesByMonthDay(e)&&this.matchesByDay(e)}nextSubDailyDateCandidate(e){let t=this.numericByMonths;if(t?.length&&!t.includes(e.month)){let n=[...t].sort((e,t)=>e-t),r=n.find(t=>t>e.month);return r===void 0?e.with({month:1,day:1}).add({years:1}).with({month:n[0]}):e.with({month:r,day:1})}if(!this.matchesByWeekNo(e))return e.add({days:8-e.dayOfWeek});if(!this.matchesByYearDay(e)){let t=e.daysInYear,n=this.lastByYearDay(e),r=this.opts.byYearDay.map(e=>e>0?e:n+e+1).filter(n=>n>e.dayOfYear&&n<=t);return r.length?e.add({days:Math.min(...r)-e.dayOfYear}):e.with({month:1,day:1}).add({years:1})}if(!this.matchesByMonthDay(e)){let t=e.daysInMonth,n=this.opts.byMonthDay.map(e=>e>0?e:t+e+1).filter(n=>n>e.day&&n<=t);return n.length?e.with({day:Math.min(...n)}):e.with({day:1}).add({months:1})}if(!this.hasOrdinalByDay&&this.simpleByDayIsoDays?.length){let t=this.simpleByDayIsoDays.map(t=>(t-e.dayOfWeek+6)%7+1);return e.add({days:Math.min(...t)})}return e.add({days:1})}_allCalendarPeriods(e,t){let n=[],r=this.createCandidateWorkBudget(),i=this.originalDtstart,{freq:a,interval:o=1}=this.opts,s=i.toPlainDate(),c=this.opts.until?.withTimeZone(i.timeZoneId).withCalendar(i.calendarId).toPlainDate(),l=a===`DAILY`?s:s.with({day:1});a===`YEARLY`&&(l=l.with({month:1}));let u=a===`YEARLY`?{years:o}:a===`MONTHLY`?{months:o}:{days:o};if(!this.addDtstartIfNeeded(n,e))return this.applyCountLimitAndMergeRDates(n,e);if(a===`DAILY`&&this.simpleByDayIsoDays?.length){let t=this.findFirstMatchingDailyStep(l.dayOfWeek,o,this.simpleByDayIsoDays);if(t===null)return this.applyCountLimitAndMergeRDates(n,e);l=l.add({days:t*o})}for(let o=0;!(c&&Y.PlainDate.compare(l,c)>0);o++){if(o>=this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let s=[];if(a===`DAILY`)this.matchesByMonth(l)&&this.matchesByMonthDay(l)&&this.matchesByDay(l)&&this.matchesByYearDay(l)&&this.matchesByWeekNo(l)&&s.push(l);else{let e=a===`YEARLY`?this.opts.byMonth??[i.monthCode]:[l.month];for(let t of e){if(a===`MONTHLY`&&!this.matchesByMonth(l))continue;let e;try{e=l.with(typeof t==`number`?{month:t}:{monthCode:t},{overflow:`reject`})}catch{continue}let n=this.applySkipForDay(i.calendarId,l.year,e,i.day);n&&s.push(n)}}if(!this.visitPeriodCandidates(s,t=>this.processOccurrence(t,n,i,e,void 0,r),t??i,this.opts.until,r))break;l=l.add(u)}return this.applyCountLimitAndMergeRDates(n,e)}all(e){if(e){let t=[];return this.allInternal((n,r)=>{let i=this.toPublicDate(n);return e(i,r)?(t.push(i),!0):!1}),t}return!e&&this.opts.cache!==!1?(this.allResultCache||=this.allInternal(),this.publicAllResultCache||=this.toPublicDates(this.allResultCache),this.publicAllResultCache.slice()):this.toPublicDates(this.allInternal())}allInternal(e,t){if(this.opts.count===void 0&&!this.opts.until&&!e)throw Error(`all() requires iterator when no COUNT/UNTIL`);if(e&&(this.opts.rDate||this.opts.exDate))return this.iterateRecurrenceSet(e);if(this.opts.count===0)return this.applyCountLimitAndMergeRDates([],e);if(this.opts.until&&Y.ZonedDateTime.compare(this.opts.until,this.originalDtstart)<0){let t=[];return this.addDtstartIfNeeded(t,e),this.applyCountLimitAndMergeRDates(t,e)}if(this.opts.rscale&&[`CHINESE`,`HEBREW`,`INDIAN`].includes(this.opts.rscale)&&([`YEARLY`,`MONTHLY`,`WEEKLY`].includes(this.opts.freq)||this.opts.byYearDay||this.opts.byWeekNo||this.opts.byMonthDay&&this.opts.byMonthDay.length>0))return this._allRscaleNonGregorian(e,t);if(this.opts.byWeekNo&&this.opts.byYearDay&&!this.hasPossibleYearDayWeekNoCombination()){let t=[];return this.addDtstartIfNeeded(t,e),this.applyCountLimitAndMergeRDates(t,e)}let n=this.allUtcFastPath(e);if(n)return this.opts.rDate||this.opts.exDate?this.applyCountLimitAndMergeRDates(n):n;let r=this.allTzEpochFastPath(e);return r?this.opts.rDate||this.opts.exDate?this.applyCountLimitAndMergeRDates(r):r:this.opts.freq===`DAILY`||[`MONTHLY`,`YEARLY`].includes(this.opts.freq)&&!this.opts.byDay&&!this.opts.byMonthDay&&!this.opts.byYearDay&&!this.opts.byWeekNo?this._allCalendarPeriods(e,t):this.opts.freq===`MONTHLY`&&(this.opts.byDay||this.opts.byMonthDay)&&!this.opts.byWeekNo?this._allMonthlyByDayOrMonthDay(e,t):this.opts.freq===`WEEKLY`&&!(this.opts.byYearDay&&this.opts.byYearDay.length>0)&&!(this.opts.byWeekNo&&this.opts.byWeekNo.length>0)?this._allWeekly(e,t):this.opts.freq===`YEARLY`&&(this.opts.byDay||this.opts.byMonthDay||this.opts.byYearDay||this.opts.byWeekNo)||this.opts.freq===`WEEKLY`&&this.opts.byYearDay&&this.opts.byYearDay.length>0||this.opts.freq===`WEEKLY`&&this.opts.byWeekNo&&this.opts.byWeekNo.length>0?this._allYearlyComplex(e,t):[`HOURLY`,`MINUTELY`,`SECONDLY`].includes(this.opts.freq)&&!this.opts.rscale&&(this.opts.byMonth||this.opts.byWeekNo||this.opts.byYearDay||this.opts.byMonthDay||this.opts.byDay||this.opts.byHour||this.opts.byMinute||this.opts.bySecond||this.opts.bySetPos)?this._allSubDailyPeriods(e):(this.opts.freq===`MINUTELY`||this.opts.freq===`SECONDLY`)&&(this.opts.byMonth||this.opts.byWeekNo||this.opts.byYearDay||this.opts.byMonthDay||this.opts.byDay)?this._allMinutelySecondlyComplex(e):this.opts.freq===`MONTHLY`&&this.opts.byWeekNo&&this.opts.byWeekNo.length>0?this._allMonthlyByWeekNo(e,t):this.opts.freq===`MONTHLY`&&this.opts.byYearDay&&this.opts.byYearDay.length>0&&!this.opts.byDay&&!this.opts.byMonthDay?this._allMonthlyByYearDay(e,t):(this.opts.freq===`MINUTELY`||this.opts.freq===`HOURLY`)&&this.opts.bySetPos?this._allDailyMinutelyHourlyWithBySetPos(e):this._allFallback(e)}mergeAndDeduplicateRDates(e){this.opts.rDate&&e.push(...this.opts.rDate);let t=e.map(e=>e.epochNanoseconds),n=!0;for(let e=1;e<t.length;e++)if(t[e-1]>t[e]){n=!1;break}n||(e=e.map((e,t)=>t).sort((e,n)=>t[e]<t[n]?-1:+(t[e]>t[n])).map(t=>e[t]),t.sort((e,t)=>e<t?-1:+(e>t)));let r=[];for(let n=0;n<e.length;n++)(n===0||t[n]!==t[n-1])&&r.push(e[n]);return r}isExcluded(e){return this.isExcludedEpoch(e.epochNanoseconds)}isExcludedEpoch(e){return!this.opts.exDate||this.opts.exDate.length===0?!1:(this.exDateEpochNs===void 0&&(this.exDateEpochNs=new Set(this.opts.exDate.map(e=>e.epochNanoseconds))),this.exDateEpochNs.has(e))}getNumericRDates(){if(this.numericRDatesCache)return this.numericRDatesCache;let e=[...this.opts.rDate??[]].sort((e,t)=>e.epochNanoseconds<t.epochNanoseconds?-1:+(e.epochNanoseconds>t.epochNanoseconds)),t=[],n;for(let r of e)r.epochNanoseconds!==n&&(n=r.epochNanoseconds,this.isExcludedEpoch(n)||t.push(r));return this.numericRDatesCache=t}numericRDateLowerBound(e,t){let n=this.getNumericRDates(),r=0,i=n.length;for(;r<i;){let a=r+Math.floor((i-r)/2),o=n[a].epochNanoseconds;(t?o>e:o>=e)?i=a:r=a+1}return r}excludeExDates(e){return!this.opts.exDate||this.opts.exDate.length===0?e:e.filter(e=>!this.isExcluded(e))}applyCountLimitAndMergeRDates(e,t){let n=this.opts.count===void 0?e:e.slice(0,Math.max(this.opts.count,0)),r=this.mergeAndDeduplicateRDates(n),i=this.excludeExDates(r);return!t||!this.opts.rDate&&!this.opts.exDate?i:this.applyIterator(i,t)}iterateRecurrenceSet(t){let n=[],r=[...this.opts.rDate??[]].sort((e,t)=>Y.ZonedDateTime.compare(e,t)),i=0,a,o=!1,s=e=>{let r=e.epochNanoseconds;return a===r||(a=r,this.isExcluded(e))?!0:t(e,n.length)?(n.push(e),!0):(o=!0,!1)},c=e=>{for(;i<r.length&&r[i].epochNanoseconds<e;)if(!s(r[i++]))return!1;return!0},l=e=>{if(!c(e.epochNanoseconds)||!s(e))return!1;for(;i<r.length&&r[i].epochNanoseconds===e.epochNanoseconds;)i++;return!0};for((this.opts.count===void 0||this.opts.count>0)&&new e({...this.cloneOptions(),rDate:void 0,exDate:void 0,cache:!1}).allInternal(l);!o&&i<r.length&&s(r[i++]););return n}applyIterator(e,t){let n=[];for(let r of e){if(!t(r,n.length))break;n.push(r)}return n}shouldBreakForCountLimit(e){return this.opts.count!==void 0&&e>=this.opts.count}hasTimeOfDayBetween(e,t){if(Y.PlainTime.compare(e,t)>=0)return!1;let n=this.originalDtstart,r=this.opts.byHour??[n.hour],i=this.opts.byMinute??[n.minute],a=this.opts.bySecond??[n.second];for(let o of r)for(let r of i)for(let i of a){let a=Y.PlainTime.from({hour:o,minute:r,second:i,millisecond:n.millisecond,microsecond:n.microsecond,nanosecond:n.nanosecond});if(Y.PlainTime.compare(a,e)>=0&&Y.PlainTime.compare(a,t)<0)return!0}return!1}assertNumericCandidateReachable(e){if(e&&e.periodIndex>=this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`)}numericExhaustionCandidate(e){return e.count<e.maximumCount?e.select(e.count):e.count>0?e.select(e.count-1):null}tryNumericNext(e,t){let n=this.getNumericQueryPlan();if(!n)return{handled:!1};let r=n.lowerBound(e,!t);if(!this.opts.rDate&&!this.opts.exDate){if(r>=n.count)return this.assertNumericCandidateReachable(this.numericExhaustionCandidate(n)),{handled:!0,value:null};let e=n.select(r);return e?(this.assertNumericCandidateReachable(e),{handled:!0,value:this.zdtFromEpochMs(e.epochMilliseconds)}):{handled:!1}}let i=this.getNumericRDates()[this.numericRDateLowerBound(e,!t)];for(;r<n.count;){let e=n.select(r);if(!e)return{handled:!1};let t=BigInt(e.epochMilliseconds)*Q;if(this.assertNumericCandidateReachable(e),i&&i.epochNanoseconds<t)return{handled:!0,value:i};if(!this.isExcludedEpoch(t))return{handled:!0,value:this.zdtFromEpochMs(e.epochMilliseconds)};r+=1}let a=this.numericExhaustionCandidate(n);return this.assertNumericCandidateReachable(a),{handled:!0,value:i??null}}tryNumericPrevious(e,t){let n=this.getNumericQueryPlan();if(!n)return{handled:!1};let r=n.lowerBound(e,t),i=r<n.count?n.select(r):this.numericExhaustionCandidate(n);this.assertNumericCandidateReachable(i);let a=r-1;if(!this.opts.rDate&&!this.opts.exDate){if(a<0)return{handled:!0,value:null};let e=n.select(a);return e?{handled:!0,value:this.zdtFromEpochMs(e.epochMilliseconds)}:{handled:!1}}let o=null;for(;a>=0;){let e=n.select(a);if(!e)return{handled:!1};if(!this.isExcludedEpoch(BigInt(e.epochMilliseconds)*Q)){o=e;break}--a}let s=this.getNumericRDates(),c=this.numericRDateLowerBound(e,t)-1,l=c>=0?s[c]:null;return!o||l&&l.epochNanoseconds>BigInt(o.epochMilliseconds)*Q?{handled:!0,value:l}:{handled:!0,value:this.zdtFromEpochMs(o.epochMilliseconds)}}tryNumericBetween(e,t,n){if(e>t)return{handled:!1};let r=this.getNumericQueryPlan();if(!r)return{handled:!1};let i=r.lowerBound(e,!n),a=r.lowerBound(t,n),o=r.lowerBound(t,!0),s=o<r.count?r.select(o):this.numericExhaustionCandidate(r);if(this.assertNumericCandidateReachable(s),i>=a&&!this.opts.rDate)return{handled:!0,value:[]};if(!this.opts.rDate&&!this.opts.exDate){let e=Array(a-i);for(let t=i;t<a;t++){let n=r.select(t);if(!n)return{handled:!1};e[t-i]=this.zdtFromEpochMs(n.epochMilliseconds)}return{handled:!0,value:e}}let c=[];for(let e=i;e<a;e++){let t=r.select(e);if(!t)return{handled:!1};let n=BigInt(t.epochMilliseconds)*Q;this.isExcludedEpoch(n)||c.push(this.zdtFromEpochMs(t.epochMilliseconds))}let l=this.getNumericRDates(),u=this.numericRDateLowerBound(e,!n),d=this.numericRDateLowerBound(t,n),f=[],p=0,m=u;for(;p<c.length||m<d;){let e=c[p],t=l[m];!t||e&&e.epochNanoseconds<=t.epochNanoseconds?(f.push(e),p+=1,t&&t.epochNanoseconds===e.epochNanoseconds&&(m+=1)):(f.push(t),m+=1)}return{handled:!0,value:f}}periodScanBudget(e,t,n){let r=Math.floor((this.maxIterations-16)/t),i=Math.floor(this.maxCandidateEvaluations/(e.candidatesPerPeriod*t))-16;return Math.min(n,r,i)}resolvePeriodEpochs(e,t){if(e.rankedPeriodWallSpan&&this.tzid!==`UTC`){let n=e.rankedPeriodWallSpan(t);if(!n)return null;let r=this.getZoneResolver();if(this.timeSlotOffsetsMs.some(e=>r.timeOfDayMayHitGap(e,n[0]-Z,n[1]+Z)))return null}let n=e.wallsForPeriod(t);if(!n)return null;let r=Array(n.length);for(let e=0;e<n.length;e++){let t=this.resolveNumericWallMilliseconds(n[e]);if(t===null)return null;r[e]=t}return r}isExcludedEpochMilliseconds(e){return!!this.opts.exDate?.length&&this.isExcludedEpoch(BigInt(e)*Q)}periodScanForward(e,t,n,r=1){let i=this.originalDtstart.epochMilliseconds,a=this.opts.until?.epochMilliseconds,o=Math.max(t,i);if(a!==void 0&&o>a)return null;let s=this.periodScanBudget(e,r,ob),c=e=>a!==void 0&&e>a?null:n!==void 0&&e>n?e:this.isExcludedEpochMilliseconds(e)?void 0:e,l=e.stepMilliseconds;if(l!==void 0){let e=i+Math.ceil((o-i)/l)*l;e<o?e+=l:e-l>=o&&(e-=l);for(let t=0;t<s;t++,e+=l){if(!mb(e))return;let t=c(e);if(t!==void 0)return t}return}let u=Math.max(0,e.periodOfWall(this.tzid===`UTC`?o:o-Z));for(let t=0;t<s;t++,u++){let t=this.resolvePeriodEpochs(e,u);if(!t)return;for(let e of t){if(e<o)continue;let t=c(e);if(t!==void 0)return t}}}periodScanBackward(e,t,n){let r=this.originalDtstart.epochMilliseconds,i=this.opts.until?.epochMilliseconds,a=i===void 0?t:Math.min(t,i);if(a<r)return null;let o=this.periodScanBudget(e,8,ob),s=e=>e<r?null:n!==void 0&&e<n?e:this.isExcludedEpochMilliseconds(e)?void 0:e,c=e.stepMilliseconds;if(c!==void 0){let e=r+Math.floor((a-r)/c)*c;e>a?e-=c:e+c<=a&&(e+=c);for(let t=0;t<o;t++,e-=c){let t=s(e);if(t!==void 0)return t}return}let l=e.periodOfWall(this.tzid===`UTC`?a:a+Z);for(let t=0;t<o;t++,l--){if(l<0)return null;let t=this.resolvePeriodEpochs(e,l);if(!t)return;for(let e=t.length-1;e>=0;e--){let n=t[e];if(n>a)continue;let r=s(n);if(r!==void 0)return r}}}periodEpochsBetween(e,t,n){let r=this.originalDtstart.epochMilliseconds,i=this.opts.until?.epochMilliseconds,a=Math.max(t,r),o=i===void 0?n:Math.min(n,i),s=[];if(a>o)return s;let c=this.periodScanBudget(e,1,1/0),l=e.stepMilliseconds;if(l!==void 0){let e=r+Math.ceil((a-r)/l)*l;if(e<a?e+=l:e-l>=a&&(e-=l),(o-e)/l>=c)return null;for(let t=e;t<=o;t+=l){if(!mb(t))return null;this.isExcludedEpochMilliseconds(t)||s.push(t)}return s}let u=this.tzid===`UTC`,d=Math.max(0,e.periodOfWall(u?a:a-Z)),f=e.periodOfWall(u?o:o+Z);if(f-d>=c)return null;for(let t=d;t<=f;t++){let n=this.resolvePeriodEpochs(e,t);if(!n)return null;for(let e of n)e<a||e>o||this.isExcludedEpochMilliseconds(e)||s.push(e)}return s}tryPeriodNext(e,t){let n=this.getPeriodQueryPlan();if(!n)return{handled:!1};let r=this.opts.rDate?this.getNumericRDates()[this.numericRDateLowerBound(e,!t)]:void 0,i=this.periodScanForward(n,fb(e,!t),r?pb(r.epochNanoseconds,!1):void 0);return i===void 0?{handled:!1}:r&&(i===null||BigInt(i)*Q>r.epochNanoseconds)?{handled:!0,value:r}:{handled:!0,value:i===null?null:this.zdtFromEpochMs(i)}}tryPeriodPrevious(e,t){let n=this.getPeriodQueryPlan();if(!n)return{handled:!1};let r=this.opts.rDate?this.numericRDateLowerBound(e,t)-1:-1,i=r>=0?this.getNumericRDates()[r]:null,a=this.periodScanBackward(n,pb(e,!t),i?fb(i.epochNanoseconds,!1):void 0);return a===void 0||this.periodScanForward(n,fb(e,t),void 0,2)===void 0?{handled:!1}:i&&(a===null||BigInt(a)*Q<i.epochNanoseconds)?{handled:!0,value:i}:{handled:!0,value:a===null?null:this.zdtFromEpochMs(a)}}tryPeriodBetween(e,t,n){if(e>t)return{handled:!1};let r=this.getPeriodQueryPlan();if(!r)return{handled:!1};let i=this.periodEpochsBetween(r,fb(e,!n),pb(t,!n));if(!i)return{handled:!1};let a=i.map(e=>this.zdtFromEpochMs(e));if(!this.opts.rDate)return{handled:!0,value:a};let o=this.getNumericRDates(),s=this.numericRDateLowerBound(t,n),c=[],l=0,u=this.numericRDateLowerBound(e,!n);for(;l<a.length||u<s;){let e=a[l],t=u<s?o[u]:void 0;!t||e&&e.epochNanoseconds<=t.epochNanoseconds?(c.push(e),l+=1,t&&t.epochNanoseconds===e.epochNanoseconds&&(u+=1)):(c.push(t),u+=1)}return{handled:!0,value:c}}between(t,n,r=!1){let i=wb(t,`after`),a=wb(n,`before`),o=this.tryNumericBetween(i,a,r);if(o.handled)return this.toPublicDates(o.value);let s=this.tryPeriodBetween(i,a,r);if(s.handled)return this.toPublicDates(s.value);let c=new Y.ZonedDateTime(i,this.tzid,this.originalDtstart.calendarId),l=new Y.ZonedDateTime(a,this.tzid,this.originalDtstart.calendarId),u={...this.opts};(!u.until||Y.ZonedDateTime.compare(l,u.until)<0)&&(u.until=l),u.count===void 0&&Object.assign(u,this.alignedQueryStart(c));let d=new e({...u,strict:u.count===void 0&&u.strict,temporal:this.outputTemporal}).allInternal(void 0,u.count===void 0?c:void 0);return this.toPublicDates(d.filter(e=>{let t=r?e.epochNanoseconds>=i:e.epochNanoseconds>i,n=r?e.epochNanoseconds<=a:e.epochNanoseconds<a;return t&&n}))}jumpAlignedDtstart(t){if(t=t.withTimeZone(this.originalDtstart.timeZoneId).withCalendar(this.originalDtstart.calendarId),t.epochNanoseconds<=this.originalDtstart.epochNanoseconds||this.opts.rscale||this.originalDtstart.timeZoneId!==this.tzid||this.opts.freq===`MONTHLY`&&this.opts.byWeekNo||[`MONTHLY`,`YEARLY`].includes(this.opts.freq)&&![`iso8601`,`gregory`].includes(this.originalDtstart.calendarId))return this.originalDtstart;let n=this.opts.interval??1,r=t.withPlainTime(this.originalDtstart.toPlainTime()),i;switch(this.opts.freq){case`YEARLY`:i=`years`;break;case`MONTHLY`:i=`months`;break;case`WEEKLY`:i=`weeks`;break;case`DAILY`:i=`days`;break;case`HOURLY`:i=`hours`;break;case`MINUTELY`:i=`minutes`;break;default:i=`seconds`}let a=e.normalizeToPolyfill(this.opts.dtstart),o=e.normalizeToPolyfill(t).withTimeZone(a.timeZoneId),s=e.normalizeToPolyfill(r.withPlainTime(this.originalDtstart.toPlainTime())).withTimeZone(a.timeZoneId),c=[`hours`,`minutes`,`seconds`].includes(i)?o:s,l=a.until(c,{largestUnit:i})[i],u=Math.floor(l/n),d=e=>{switch(i){case`years`:return{years:e};case`months`:return{months:e};case`weeks`:return{weeks:e};case`days`:return{days:e};case`hours`:return{hours:e};case`minutes`:return{minutes:e};default:return{seconds:e}}},f=[`years`,`months`,`weeks`,`days`].includes(i),p=()=>{for(;u>0;){if(!f)return a.add(d(u*n));try{let e=this.originalDtstart.toPlainDateTime().add(d(u*n),{overflow:`reject`}),t=this.resolveGeneratedTime(e);if(t)return t}catch{}--u}return this.originalDtstart},m=p();this.opts.freq===`HOURLY`&&n===1&&u>0&&m.subtract({hours:1}).hour===m.hour&&(--u,m=p()),u>0&&[`years`,`months`,`weeks`,`days`].includes(i)&&m.toPlainDate().equals(o.toPlainDate())&&Y.ZonedDateTime.compare(m,o)>0&&this.hasTimeOfDayBetween(o.toPlainTime(),m.toPlainTime())&&(--u,m=p());let h=e.normalizeToPolyfill(this.opts.dtstart);return Y.ZonedDateTime.compare(m,h)<0&&(m=h),m}matches(e){let t=wb(e,`date`);return this.nextInternal(t,!0)?.epochNanoseconds===t}occursOn(e){let t=Y.PlainDate.from(e.toString()),n=t.toZonedDateTime({timeZone:this.tzid,plainTime:Y.PlainTime.from(`00:00`)});if(!n.toPlainDate().equals(t))return!1;let r=t.add({days:1}).toZonedDateTime({timeZone:this.tzid,plainTime:Y.PlainTime.from(`00:00`)}),i=this.nextInternal(n.epochNanoseconds,!0);return i!==null&&i.epochNanoseconds<r.epochNanoseconds}nextInternal(e,t){let n=this.tryNumericNext(e,t);if(n.handled)return n.value;let r=this.tryPeriodNext(e,t);if(r.handled)return r.value;let i=null,a=n=>{n.allInternal(n=>!(t?n.epochNanoseconds>=e:n.epochNanoseconds>e)||((!i||n.epochNanoseconds<i.epochNanoseconds)&&(i=n),!1))};return this.opts.count===void 0?a(this.ruleFromAlignedDtstart(new Y.ZonedDateTime(e,this.tzid))):a(this),i}next(e=/* @__PURE__ */ new Date,t=!1){return this.toPublicDate(this.nextInternal(wb(e,`after`),t))}alignedQueryStart(e){let t=this.jumpAlignedDtstart(e);return{dtstart:t,includeDtstart:this.includeDtstart&&t.epochNanoseconds===this.originalDtstart.epochNanoseconds}}ruleFromAlignedDtstart(t){let n=this.alignedQueryStart(t);return n.dtstart.epochNanoseconds===this.originalDtstart.epochNanoseconds?this:new e({...this.opts,temporal:this.outputTemporal,...n})}previous(e=/* @__PURE__ */ new Date,t=!1){let n=wb(e,`before`),r=this.tryNumericPrevious(n,t);if(r.handled)return this.toPublicDate(r.value);let i=this.tryPeriodPrevious(n,t);if(i.handled)return this.toPublicDate(i.value);let a=null;if(this.opts.rDate?.length){let e=this.numericRDateLowerBound(n,t)-1;a=e>=0?this.getNumericRDates()[e]:null}let o=this.previousFromRule(n,t,a?.epochNanoseconds);return!o||a&&a.epochNanoseconds>o.epochNanoseconds?this.toPublicDate(a):this.toPublicDate(o)}previousFromRule(t,n,r){let i=this.opts.rDate&&this.opts.rDate.length>0?new e({...this.opts,temporal:this.outputTemporal,rDate:void 0}):this,a=e=>{let r=null;return e.allInternal(e=>!(n?e.epochNanoseconds>t:e.epochNanoseconds>=t)&&(r=e,!0)),r};if(i.opts.count!==void 0)return a(i);let o=i.opts.until?.epochNanoseconds,s=new Y.ZonedDateTime(o!==void 0&&o<t?o:t,i.tzid,i.originalDtstart.calendarId),c=i.opts.interval??1;for(let e=0;e<16;e++){let t=e===0?s:s.subtract(i.freqDuration(c*4**e)),n=r!==void 0&&t.epochNanoseconds<=r;n&&(t=new Y.ZonedDateTime(r,i.tzid,i.originalDtstart.calendarId));let o=i.ruleFromAlignedDtstart(t),l=a(o);if(l||o===i||n)return l}return a(i)}freqDuration(e){switch(this.opts.freq){case`YEARLY`:return{years:e};case`MONTHLY`:return{months:e};case`WEEKLY`:return{weeks:e};case`DAILY`:return{days:e};case`HOURLY`:return{hours:e};case`MINUTELY`:return{minutes:e};default:return{seconds:e}}}toString(){let e=this.originalDtstart.toString({smallestUnit:`second`}).replace(/[-:]/g,``),t=`DTSTART;TZID=${this.tzid}:${e.slice(0,15)}`,n=[],{freq:r,interval:i,count:a,until:o,byHour:s,byMinute:c,bySecond:l,byDay:u,byMonth:d,byMonthDay:f,bySetPos:p,byWeekNo:m,byYearDay:h,wkst:g,rDate:_,exDate:v}=this.opts;this.opts.rscale&&n.push(`RSCALE=${this.opts.rscale}`),this.opts.rscale&&this.opts.skip&&n.push(`SKIP=${this.opts.skip}`),n.push(`FREQ=${r}`),i!==1&&n.push(`INTERVAL=${i}`),a!==void 0&&n.push(`COUNT=${a}`),o&&n.push(`UNTIL=${this.formatIcsDateTime(o)}`),s&&n.push(`BYHOUR=${s.join(`,`)}`),c&&n.push(`BYMINUTE=${c.join(`,`)}`),l&&n.push(`BYSECOND=${l.join(`,`)}`),u&&n.push(`BYDAY=${u.join(`,`)}`),d&&n.push(`BYMONTH=${d.join(`,`)}`),f&&n.push(`BYMONTHDAY=${f.join(`,`)}`),p&&n.push(`BYSETPOS=${p.join(`,`)}`),m&&n.push(`BYWEEKNO=${m.join(`,`)}`),h&&n.push(`BYYEARDAY=${h.join(`,`)}`),g&&n.push(`WKST=${g}`);let y=[t,`RRULE:${n.join(`;`)}`];return _&&y.push(`RDATE:${this.joinDates(_)}`),v&&y.push(`EXDATE:${this.joinDates(v)}`),y.join(`
`)}formatIcsDateTime(e){return e.toInstant().toString().replace(/[-:]/g,``).slice(0,15)+`Z`}joinDates(e){return e.map(e=>this.formatIcsDateTime(e))}generateMonthlyDateCandidates(e){let t=e.day===1?e:e.with({day:1});if(!this.opts.byDay&&!this.opts.byMonthDay)return[e];let n=this.generateMonthlyOccurrenceDays(t);return n.length===0?[]:n.map(e=>t.with({day:e}))}generateMonthlyOccurrences(e){let t=[];return this.visitDateTimeCandidates(this.generateMonthlyDateCandidates(e.toPlainDate()),1,e=>(t.push(e),!0)),t}generateYearlyDateCandidates(e){let t=this.opts.byMonth?this.opts.byMonth.filter(e=>typeof e==`number`).sort((e,t)=>e-t):this.opts.byMonthDay||this.opts.byDay?[1,2,3,4,5,6,7,8,9,10,11,12]:[this.originalDtstart.month],n=[];if(this.opts.byDay&&this.opts.byDay.some(e=>/^[+-]?\d/.test(e))&&!this.opts.byMonth){let t=X;for(let r of this.opts.byDay){let i=bb(r);if(!i||i.ord===0)continue;let a=i.ord,o=t[i.weekday],s;if(a>0){let t=e.with({month:1,day:1}),n=(o-t.dayOfWeek+7)%7;s=t.add({days:n+7*(a-1)})}else{let t=e.with({month:12,day:31}),n=(t.dayOfWeek-o+7)%7;s=t.subtract({days:n+7*(-a-1)})}n.push(s)}}else if(!this.opts.byYearDay&&!this.opts.byWeekNo){n=[];for(let r of t){let t=e.with({month:r,day:1}),i=this.generateMonthlyDateCandidates(t);if(i.length===0&&this.opts.rscale&&this.opts.byMonthDay&&this.opts.byMonthDay.length>0){let e=t.add({months:1}).subtract({days:1}).day,r=this.opts.byMonthDay[0],i=r>0?r:e+r+1;if(i>e||i<=0){let r=this.opts.skip||`OMIT`;if(r===`BACKWARD`)n.push(t.with({day:e}));else if(r===`FORWARD`){let e=t.add({months:1}).with({day:1});n.push(e)}}}else n.push(...i)}}if(this.opts.byYearDay){let t=e.with({month:12,day:31}).dayOfYear;for(let r of this.opts.byYearDay){let i=r>0?r:t+r+1;if(i<=0||i>t)continue;let a=(this.opts.freq,e.with({month:1,day:1}).add({days:i-1}));(!this.opts.byMonth||this.opts.byMonth.includes(a.month))&&n.push(a)}}if(this.opts.byWeekNo){let{lastWeek:t,firstWeekStart:r,tokens:i}=this.isoWeekByDay(e);for(let e of this.opts.byWeekNo){if(e>0&&e>t||e<0&&-e>t)continue;let a=e>0?e-1:t+e,o=r.add({weeks:a});n.push(...this.addByDayDates(i,o))}}return this.sortedUniqueDateCandidates(n)}addByDayDates(e,t){let n=X,r=n[this.opts.wkst||`MO`],i=[];for(let a of e){if(!a)continue;let e=n[a],o=t.add({days:(e-r+7)%7});(!this.opts.byMonth||this.opts.byMonth.includes(o.month))&&i.push(o)}return this.sortedUniqueDateCandidates(i)}findNextValidValue(e,t,n){return t.find(t=>n(t,e)>0)||null}findNextValidDate(e){if(this.opts.byWeekNo&&this.opts.byYearDay){let t=e.with({month:1,day:1,hour:0,minute:0,second:0,millisecond:0}),n=this.opts.byYearDay.map(e=>{let n=t.with({month:12,day:31}).dayOfYear;return e>0?e:n+e+1});for(let e of n){let n=t.add({days:e-1});if(this.matchesByWeekNo(n))break}}if(this.opts.byMonth){let t=this.opts.byMonth.filter(e=>typeof e==`number`);if(t.length&&!t.includes(e.month)){let n=[...t].sort((e,t)=>e-t),r=this.findNextValidValue(e.month,n,(e,t)=>e-t);return e=r?e.with({month:r,day:1,hour:0,minute:0,second:0}):e.add({years:1}).with({month:n[0],day:1,hour:0,minute:0,second:0}),e=this.applyTimeOverride(e),e}}if(this.opts.byWeekNo&&!this.matchesByWeekNo(e))return e=e.add({weeks:1}).with({hour:0,minute:0,second:0}),e=this.applyTimeOverride(e),e;if(this.opts.byYearDay&&!this.matchesByYearDay(e)){let t=[...this.opts.byYearDay].sort((e,t)=>e-t),n=e.dayOfYear,r=e.with({month:12,day:31}).dayOfYear,i=t.find(e=>(e>0?e:r+e+1)>n);if(i){let t=i>0?i:r+i+1;e=this.opts.freq===`MINUTELY`||this.opts.freq===`SECONDLY`?e.with({month:1,day:1,hour:0,minute:0,second:0,millisecond:0}).add({days:t-1}):e.with({month:1,day:1}).add({days:t-1})}else{let n=e.add({years:1}),r=n.with({month:12,day:31}).dayOfYear,i=t[0];if(i!==void 0){let t=i>0?i:r+i+1;e=this.opts.freq===`MINUTELY`||this.opts.freq===`SECONDLY`?n.with({month:1,day:1,hour:0,minute:0,second:0,millisecond:0}).add({days:t-1}):n.with({month:1,day:1}).add({days:t-1})}}return e=this.applyTimeOverride(e),e}if(this.opts.byMonthDay&&!this.matchesByMonthDay(e)){let t=[...this.opts.byMonthDay].sort((e,t)=>e-t),n=e.with({day:1}).add({months:1}).subtract({days:1}).day,r=e.day,i=t.map(e=>e>0?e:n+e+1).filter(e=>e>0&&e<=n).sort((e,t)=>e-t),a=this.findNextValidValue(r,i,(e,t)=>e-t);if(a)e=e.with({day:a,hour:0,minute:0,second:0});else{let n=e.add({months:1}).with({day:1}),r=n.add({months:1}).subtract({days:1}).day,i=t[0];if(i!==void 0){let t=i>0?i:r+i+1;e=n.with({day:Math.max(1,Math.min(t,r)),hour:0,minute:0,second:0})}else e=e.add({months:1}).with({day:1,hour:0,minute:0,second:0})}return e=this.applyTimeOverride(e),e}if(this.opts.byDay&&!this.matchesByDay(e)){let t=this.allByDayIsoDays;if(!t?.length)return this.applyTimeOverride(e.add({days:1}).with({hour:0,minute:0,second:0}));let n=this.findNextValidValue(e.dayOfWeek,t,(e,t)=>e-t);if(n){let t=(n-e.dayOfWeek+7)%7;e=e.add({days:t}).with({hour:0,minute:0,second:0})}else{let n=(t[0]-e.dayOfWeek+7)%7;e=e.add({days:n+7}).with({hour:0,minute:0,second:0})}return e=this.applyTimeOverride(e),e}switch(this.opts.freq){case`SECONDLY`:case`MINUTELY`:e=e.add({days:1}).with({hour:0,minute:0,second:0});break;case`HOURLY`:e=e.add({days:1}).with({hour:0,minute:0,second:0});break;case`DAILY`:case`WEEKLY`:e=e.add({months:1}).with({day:1,hour:0,minute:0,second:0});break;case`MONTHLY`:case`YEARLY`:e=e.add({years:1}).with({month:1,day:1,hour:0,minute:0,second:0})}return this.applyTimeOverride(e)}applyBySetPos(e){let{bySetPos:t}=this.opts;if(!t||!t.length)return e;let n=[...e].sort((e,t)=>Y.ZonedDateTime.compare(e,t));return this.applyBySetPosToSortedList(n).sort((e,t)=>Y.ZonedDateTime.compare(e,t))}isoWeekByDay(e){let t=X,n=t[this.opts.wkst||`MO`],r=e.with({month:1,day:4}),i=(r.dayOfWeek-n+7)%7,a=r.subtract({days:i}),o=r.add({years:1}).with({month:1,day:4}),s=o.subtract({days:(o.dayOfWeek-n+7)%7});return{lastWeek:a.until(s,{largestUnit:`days`}).days/7,firstWeekStart:a,tokens:this.opts.byDay?.length?this.opts.byDay.map(e=>yb(e)).filter(e=>e!==null):[Object.entries(t).find(([,e])=>e===this.originalDtstart.dayOfWeek)[0]]}}generateDateCandidatesForWeekInYear(e,t){let n=[],r=this.originalDtstart.toPlainDate().with({year:e,month:1,day:1}),{lastWeek:i,firstWeekStart:a,tokens:o}=this.isoWeekByDay(r);if(t>0&&t>i||t<0&&-t>i)return n;let s=t>0?t-1:i+t,c=a.add({weeks:s});return n.push(...this.addByDayDates(o,c)),this.sortedUniqueDateCandidates(n)}getRscaleCalendarId(){return{GREGORIAN:`gregory`,CHINESE:`chinese`,HEBREW:`hebrew`,INDIAN:`indian`}[this.opts.rscale?.toUpperCase()||``]||null}assertRscaleCalendarSupported(t){if(t===`gregory`||t===`iso8601`)return;let n=e.rscaleCalendarSupport[t];if(n===!0)return;if(n===!1)throw Error(`RSCALE=${this.opts.rscale} is not supported by the current Temporal/Intl implementation`);let r=!0;try{let e=My.ZonedDateTime.from(`2000-01-01T00:00:00+00:00[UTC]`).withCalendar(t);e.year,e.monthCode,e.day}catch{r=!1}if(e.rscaleCalendarSupport[t]=r,!r)throw Error(`RSCALE=${this.opts.rscale} is not supported by the current Temporal/Intl implementation`)}pad2(e){return String(e).padStart(2,`0`)}monthMatchesToken(e,t){if(typeof t==`number`)return e===`M${this.pad2(t)}`;if(/^\d+L$/i.test(t)){let n=parseInt(t,10);return e===`M${this.pad2(n)}L`}return!1}monthsOfYear(e,t){let n=[];for(let r=1;r<=20;r++)try{let i=My.PlainDate.from({calendar:e,year:t,month:r,day:1},{overflow:`reject`});n.push(i)}catch{break}return n}rscaleMonth(e,t,n,r){return r.find(e=>e.monthCode===n)||(this.opts.skip===`BACKWARD`?r.slice().reverse().find(e=>e.monthCode<n)??this.startOfYear(e,t).subtract({months:1}):this.opts.skip===`FORWARD`?r.find(e=>e.monthCode>n)??this.startOfYear(e,t+1):null)}startOfYear(e,t){return My.PlainDate.from({calendar:e,year:t,month:1,day:1})}endOfYear(e,t){return this.startOfYear(e,t+1).subtract({days:1})}rscaleFirstWeekStart(e,t,n){let r=My.PlainDate.from({calendar:e,year:t,month:1,day:4}),i=(r.dayOfWeek-n+7)%7;return r.subtract({days:i})}rscaleLastWeekCount(e,t,n){let r=this.rscaleFirstWeekStart(e,t,n),i=this.endOfYear(e,t).since(r).days;return Math.floor(i/7)+1}lastDayOfMonth(e){return e.with({day:1}).add({months:1}).subtract({days:1}).day}toRscaleZdt(e){return My.ZonedDateTime.from(e.toString())}rscaleDate(e){return Y.PlainDate.from(e.withCalendar(`iso8601`).toString())}rscaleDateAfterUntil(e){if(!this.opts.until)return!1;let t=this.opts.until.withTimeZone(this.generationTimeZone).toPlainDate().withCalendar(`iso8601`);return Y.PlainDate.compare(this.rscaleDate(e),t)>0}rscaleMatchesByYearDay(e,t){let n=this.opts.byYearDay;if(!n||n.length===0)return!0;let r=this.endOfYear(e,t.year).dayOfYear;return n.some(e=>e>0?t.dayOfYear===e:t.dayOfYear===r+e+1)}rscaleMatchesByWeekNo(e,t){let n=this.opts.byWeekNo;if(!n||n.length===0)return!0;let r=X[this.opts.wkst||`MO`],i=t.subtract({days:(t.dayOfWeek-r+7)%7}).add({days:(4-r+7)%7}).year,a=this.rscaleFirstWeekStart(e,i,r),o=this.rscaleLastWeekCount(e,i,r),s=Math.floor(t.since(a).days/7)+1;return n.some(e=>e>0?s===e:s===o+e+1)}rscaleMatchesByMonth(e,t){let n=this.opts.byMonth;return!n||n.length===0||n.some(e=>this.monthMatchesToken(t.monthCode,e))}rscaleMatchesByMonthDay(e){let t=this.opts.byMonthDay;if(!t||t.length===0)return!0;let n=e.with({day:1}).add({months:1}).subtract({days:1}).day,r=e.day;return t.some(e=>e>0?r===e:r===n+e+1)}rscaleMatchesByDayBasic(e){let t=this.opts.byDay;if(!t||t.length===0)return!0;let n=X,r=t.map(e=>yb(e)).filter(e=>e!==null);return r.length===0||r.some(t=>n[t]===e.dayOfWeek)}rscaleDateMatches(e,t){return this.rscaleMatchesByMonth(e,t)&&this.rscaleMatchesByYearDay(e,t)&&this.rscaleMatchesByWeekNo(e,t)&&this.rscaleMatchesByMonthDay(t)&&this.rscaleMatchesByDayBasic(t)}applySkipForDay(e,t,n,r){let i=this.lastDayOfMonth(n),a=this.opts.skip||`OMIT`;return r>=1&&r<=i?n.with({day:r}):a===`BACKWARD`?n.with({day:i}):a===`FORWARD`?n.add({months:1}).with({day:1}):null}generateMonthlyOccurrencesRscale(e,t,n){let r=[],i=this.opts.byMonthDay,a=this.opts.byDay;if(!a&&!i){let i=this.toRscaleZdt(this.originalDtstart).withCalendar(e).day,a=this.applySkipForDay(e,t,n,i);return a&&r.push(this.rscaleDate(a)),r}let o=e=>{r.push(this.rscaleDate(e))},s=this.lastDayOfMonth(n),c=e=>e>0?e:s+e+1;if(i&&i.length>0)for(let r of i){let i=c(r),a=this.applySkipForDay(e,t,n,i);a&&o(a)}if(a&&a.length>0){let e=X,t={},r=n;for(;r.month===n.month&&r.year===n.year;){let e=r.dayOfWeek;(t[e]||=[]).push(r),r=r.add({days:1})}for(let n of a){let r=bb(n);if(!r)continue;let i=r.ord,a=t[e[r.weekday]]||[];if(a.length!==0){if(i===0)for(let e of a)o(e);else{let e=a[i>0?i-1:a.length+i];e&&o(e)}}}}return this.sortedUniqueDateCandidates(r)}_allRscaleNonGregorian(e,t){let n=this.getRscaleCalendarId();if(!n)return this._allFallback(e);this.assertRscaleCalendarSupported(n);let r=[],i=this.createCandidateWorkBudget(),a=0,o=this.originalDtstart,s=this.toRscaleZdt(o).withCalendar(n),c=this.opts.interval??1;if(!this.addDtstartIfNeeded(r,e))return this.applyCountLimitAndMergeRDates(r,e);if(this.opts.freq===`YEARLY`){let l=0;for(;;){if(++a>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let u=s.year+l*c,d=[],f=this.opts.byMonth,p=this.monthsOfYear(n,u),m=X,h=m[this.opts.wkst||`MO`];if(this.opts.byWeekNo&&this.opts.byWeekNo.length>0){let e=this.rscaleFirstWeekStart(n,u,h),t=this.rscaleLastWeekCount(n,u,h),r=this.opts.byDay?.length?this.opts.byDay.map(e=>yb(e)).filter(e=>e!==null):[Object.entries(m).find(([,e])=>e===this.originalDtstart.dayOfWeek)[0]];for(let i of this.opts.byWeekNo){let a=i>0?i-1:t+i;if(a<0||a>=t)continue;let o=e.add({weeks:a});for(let e of r){let t=m[e],r=o.add({days:(t-h+7)%7});if(!(f&&f.length>0&&!f.some(e=>this.monthMatchesToken(r.monthCode,e)))){if(this.opts.byYearDay&&this.opts.byYearDay.length>0){let e=this.endOfYear(n,u).dayOfYear;if(!this.opts.byYearDay.some(t=>{let n=t>0?t:e+t+1;return r.dayOfYear===n}))continue}d.push(this.rscaleDate(r))}}}}else if(this.opts.byYearDay&&this.opts.byYearDay.length>0){let e=this.startOfYear(n,u),t=this.endOfYear(n,u).dayOfYear;for(let n of this.opts.byYearDay){let r=n>0?n:t+n+1;if(r<1||r>t)continue;let i=e.add({days:r-1});f&&f.length>0&&!f.some(e=>this.monthMatchesToken(i.monthCode,e))||d.push(this.rscaleDate(i))}}else if(!f||f.length===0){let e=this.rscaleMonth(n,u,s.monthCode,p),t=e?this.applySkipForDay(n,u,e,s.day):null;t&&d.push(this.rscaleDate(t))}else for(let e of f){let t=typeof e==`number`?`M${this.pad2(e)}`:`M${this.pad2(parseInt(e,10))}L`,r=this.rscaleMonth(n,u,t,p);r&&d.push(...this.generateMonthlyOccurrencesRscale(n,u,r))}if(d.length>0&&!this.visitPeriodCandidates(d,t=>this.processOccurrence(t,r,o,e,void 0,i),t??o,this.opts.until,i)||(l++,this.opts.until&&u>this.toRscaleZdt(this.opts.until).withCalendar(n).year))break}return this.applyCountLimitAndMergeRDates(r,e)}if(this.opts.freq===`WEEKLY`){let c=X,l=c[this.opts.wkst||`MO`],u=this.opts.byDay?.length?this.opts.byDay.map(e=>yb(e)).filter(e=>e!==null):[Object.entries(c).find(([,e])=>e===this.originalDtstart.dayOfWeek)[0]],d=s.toPlainDate().subtract({days:(s.dayOfWeek-l+7)%7});for(;;){if(++a>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let s=[];for(let e of u){let t=c[e],r=d.add({days:(t-l+7)%7});if(this.opts.byWeekNo&&this.opts.byWeekNo.length>0){let e=d.add({days:(4-l+7)%7}).year,t=this.rscaleFirstWeekStart(n,e,l),i=this.rscaleLastWeekCount(n,e,l),a=Math.floor(r.since(t).days/7)+1;if(!this.opts.byWeekNo.some(e=>e>0?a===e:a===i+e+1))continue}if(this.opts.byYearDay&&this.opts.byYearDay.length>0){let e=this.endOfYear(n,r.year).dayOfYear;if(!this.opts.byYearDay.some(t=>t>0?r.dayOfYear===t:r.dayOfYear===e+t+1))continue}let i=this.opts.byMonth;i&&i.length>0&&!i.some(e=>this.monthMatchesToken(r.monthCode,e))||s.push(this.rscaleDate(r))}if(s.length&&!this.visitPeriodCandidates(s,t=>this.processOccurrence(t,r,o,e,void 0,i),t??o,this.opts.until,i))return this.applyCountLimitAndMergeRDates(r,e);if(d=d.add({weeks:this.opts.interval??1}),this.rscaleDateAfterUntil(d))break}return this.applyCountLimitAndMergeRDates(r,e)}if(this.opts.freq===`MONTHLY`){let c=s.toPlainDate().with({day:1});for(;;){if(++a>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);let s=c.year,l=c,u=!0,d=this.opts.byMonth;if(d&&d.length>0&&(u=d.some(e=>this.monthMatchesToken(l.monthCode,e))),u){let a=this.generateMonthlyOccurrencesRscale(n,s,l);if(!this.visitPeriodCandidates(a,t=>this.processOccurrence(t,r,o,e,void 0,i),t??o,this.opts.until,i))break}if(c=c.add({months:this.opts.interval??1}),this.rscaleDateAfterUntil(c))break}return this.applyCountLimitAndMergeRDates(r,e)}if(this.opts.freq===`DAILY`){let c=s.toPlainDate();for(;;){if(++a>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);if(this.rscaleDateMatches(n,c)){let n=this.rscaleDate(c);if(!this.visitPeriodCandidates([n],t=>this.processOccurrence(t,r,o,e,void 0,i),t??o,this.opts.until,i))break}if(c=c.add({days:this.opts.interval??1}),this.rscaleDateAfterUntil(c))break}return this.applyCountLimitAndMergeRDates(r,e)}if(this.opts.freq===`HOURLY`||this.opts.freq===`MINUTELY`){this.opts.freq;let c=this.opts.freq===`HOURLY`?36e5:6e4,l=this.opts.interval??1,u=s.toPlainDate(),d=this.originalDtstart.toInstant().epochMilliseconds;for(;;){if(++a>this.maxIterations)throw Error(`Maximum iterations (${this.maxIterations}) exceeded in all()`);if(this.rscaleDateMatches(n,u)){let n=this.rscaleDate(u);if(!this.visitPeriodCandidates([n],t=>{let n=t.toInstant().epochMilliseconds-d;return Math.floor(n/c)%l!==0||this.processOccurrence(t,r,o,e,void 0,i)},t??o,this.opts.until,i))break}if(u=u.add({days:1}),this.rscaleDateAfterUntil(u))break}return this.applyCountLimitAndMergeRDates(r,e)}return this._allFallback(e)}};function Lb(e){let t=`Unknown or unsupported time zone: ${typeof e==`string`?`"${e}"`:String(e)}`;if(typeof e!=`string`)throw Error(t);try{Zs.CronExpressionParser.parse(`* * * * *`,{tz:e,strict:!1,currentDate:/* @__PURE__ */ new Date})}catch{throw Error(t)}}const Rb=`19700101T000000`,zb=/* @__PURE__ */ new Set([`DTSTART`,`RRULE`,`RDATE`,`EXDATE`]),Bb={FREQ:`freq`,UNTIL:`until`,COUNT:`count`,INTERVAL:`interval`,BYSECOND:`bySecond`,BYMINUTE:`byMinute`,BYHOUR:`byHour`,BYDAY:`byDay`,BYMONTHDAY:`byMonthDay`,BYYEARDAY:`byYearDay`,BYWEEKNO:`byWeekNo`,BYMONTH:`byMonth`,BYSETPOS:`bySetPos`,WKST:`wkst`,RSCALE:`rscale`,SKIP:`skip`},Vb=/^([a-z][a-z0-9-]*)[;:]/i,Hb=/^[ \t]*[a-z][a-z0-9-]*[;:]|(?:^|[\s;])FREQ=/im;function Ub(e){return Hb.test(e)}function Wb(e){let t=[],n=[],r=null,i=null;for(let a of e.replace(/\r?\n[ \t]/g,``).split(/\r?\n/)){let e=a.trim();if(e.length===0)continue;let o=Vb.exec(e)?.[1].toUpperCase(),s=o||`RRULE`,c=o?e.slice(e.indexOf(`:`)+1):e;g(s!==`BEGIN`&&s!==`END`,`rrule expression should be the DTSTART, RRULE, RDATE and EXDATE lines of a calendar entry, without the BEGIN and END lines around them`),g(zb.has(s),`Unsupported property "${s}" in rrule expression. Supported properties: ${[...zb].join(`, `)}`),s===`DTSTART`&&(g(r===null,`rrule expression has more than one DTSTART`),r=c),s===`RRULE`&&(g(i===null,`rrule expression has more than one RRULE`),i=c,Gb(c)),(s===`RDATE`||s===`EXDATE`)&&n.push([s,c]),t.push(o?e:`RRULE:${e}`)}return g(i!==null,`rrule expression has no RRULE to recur on`),r===null&&(g(!/(^|;)COUNT=/i.test(i),`rrule expression uses COUNT, which counts occurrences from DTSTART, so it needs a DTSTART of its own`),t.unshift(`DTSTART:${Rb}`)),Kb(n,r??Rb),{ics:t.join(`
`),rule:i}}function Gb(e){let t=/* @__PURE__ */ new Set;for(let n of e.split(`;`)){if(n.length===0)continue;let[e,r=``]=n.toUpperCase().split(`=`);g(r.length>0,`rrule part "${n}" has no value`),g(e in Bb||e.startsWith(`X-`),`Unsupported part "${n}" in rrule expression`),g(!t.has(e),`rrule expression has more than one ${e} part`),t.add(e)}}function Kb(e,t){let n=!t.includes(`T`);for(let[t,r]of e)for(let e of r.split(`,`)){let r=n?`a date such as ${e.slice(0,8)}`:`a date time such as ${e}T090000`;g(e.includes(`T`)!==n,`rrule ${t} "${e}" must have the same value type as DTSTART: ${r}`)}}function qb(e,t){let n={...t.options()};for(let t of e.split(`;`)){let[e,r=``]=t.split(`=`),i=Bb[e.toUpperCase()];if(i===void 0)continue;let a=n[i],o=`Unsupported value in rrule part "${t}"`;g(a!==void 0,o),Array.isArray(a)&&g(a.length===new Set(r.toUpperCase().split(`,`)).size,o)}}function Jb(e,t){return new Ib({rruleString:e,tzid:t,strict:!0})}function Yb(e,t){return Jb(Wb(e).ics,t)}function Xb(e,t,n){let r=Yb(e,n).next(t);return r===null?null:$b(r)}function Zb(e,t,n){let r=Yb(e,t),i=n;return()=>{let e=r.next(i);return e===null?null:(i=$b(e),i)}}function Qb(e,t,n,r){return Yb(e,r).between(t,new Date(n.getTime()+1)).map($b)}function $b(e){return new Date(e.epochMilliseconds)}function ex(e,t,n,r){let i=Yb(e,r),a=36e5,o=t.getTime(),s=n.getTime(),c=a,l=1/0;for(;s>o;){let e=Math.max(o,s-c),t;try{t=i.between(new Date(e),new Date(s+1))}catch(t){if(s-e<=a)throw t;l=Math.max(a,Math.floor((s-e)/2)),c=l;continue}if(t.length>0)return $b(t[t.length-1]);s=e,c=Math.min(c*4,l)}return null}function tx(e,t){let{ics:n,rule:r}=Wb(e);qb(r,Jb(n,`UTC`)),Lb(t)}function nx(e,t,n){g(Xb(e,n,t)!==null,`rrule expression has no occurrence left, so the schedule would never send a job`)}async function rx(e,t,n,r){e.emitter.emit(e.warningEvent,{message:n,data:r}),e.persistWarnings&&await ix(e,t,n,r)}async function ix(e,t,n,r){try{let i=Kn(e.schema);await e.db.executeSql(i,[t,n,JSON.stringify(r)])}catch(t){try{e.emitter.emit(e.errorEvent,t)}catch{}}}const ax={SEND_IT:`__pgboss__send-it`},ox={error:`error`,schedule:`schedule`,warning:`warning`},sx={CLOCK_SKEW:{message:`Warning: Clock skew between this instance and the database server. This will not break scheduling, but is emitted any time the skew exceeds 60 seconds.`}},cx={CLOCK_SKEW:`clock_skew`,INVALID_SCHEDULE:`invalid_schedule`},lx=1e3,ux=Object.values(We);function dx(e,t){return`${e.replaceAll(`_`,`\\_`)}__${t}`}function fx(e){let t=6e4;return(/* @__PURE__ */ new Date(Math.floor(e.getTime()/t)*t)).toISOString().replace(`T`,` `).slice(0,19)}function px(e){return typeof e==`string`?[`true`,`t`,`1`].includes(e.toLowerCase()):e===!0||e===1}function mx(e){if(e instanceof Date)return Number.isNaN(e.getTime())?null:e.getTime();if(typeof e==`string`||typeof e==`number`){let t=new Date(e).getTime();return Number.isNaN(t)?null:t}if(typeof e==`object`&&e)try{let t=e.epochMilliseconds;if(typeof t==`number`&&Number.isFinite(t))return t;let n=e.valueOf();if(typeof n==`number`&&Number.isFinite(n))return n}catch{}return null}function hx(e){let t=e?.missed;return t!==void 0&&ux.includes(t)?t:We.skip}function gx(e){g(e==null||ux.includes(e),`missed must be one of: ${ux.join(`, `)}`)}function _x(e,t,n){return Zs.CronExpressionParser.parse(e,{tz:`UTC`,strict:!1}),Lb(t),Zs.CronExpressionParser.parse(e,{tz:t,strict:!1,currentDate:n})}function vx(e){g(typeof e==`string`&&e.trim()!==``,`cron expression must be a non-empty string`)}function yx(e,t,n){vx(e),Ub(e)?tx(e,t):_x(e,t,n)}var bx=class extends h{db;config;manager;stopped=!0;cronMonitorTimer;skewMonitorTimer;_timekeeping;_checkingSkew=!1;warnedSchedules=/* @__PURE__ */ new Set;clockSkew=0;events=ox;constructor(e,t,n){super(),this.db=e,this.config=n,this.manager=t}get checkingSkew(){return this._checkingSkew}get timekeeping(){return!!this._timekeeping}get databaseTime(){return this.config.clock.now()+this.clockSkew}get warningContext(){return{emitter:this,db:this.db,schema:this.config.schema,persistWarnings:this.config.persistWarnings,warningEvent:this.events.warning,errorEvent:this.events.error}}async start(){if(!this.stopped)return;this.stopped=!1,this.warnedSchedules.clear(),await this.cacheClockSkew(),await this.manager.createQueue(ax.SEND_IT);let e={pollingIntervalSeconds:this.config.cronWorkerIntervalSeconds,batchSize:50};await this.manager.work(ax.SEND_IT,e,e=>this.onSendIt(e)),setImmediate(()=>this.onCron()),this.cronMonitorTimer=new Qs(this.config.clock,this.config.cronMonitorIntervalSeconds,()=>this.onCron()),this.cronMonitorTimer.start(),this.scheduleSkewMonitor()}async stop(){if(!this.stopped)for(this.stopped=!0,await this.manager.offWork(ax.SEND_IT,{wait:!0}),this.skewMonitorTimer&&=(this.config.clock.clearTimeout(this.skewMonitorTimer),null),this.cronMonitorTimer&&=(this.cronMonitorTimer.stop(),null);this._timekeeping||this._checkingSkew;)await S(10)}scheduleSkewMonitor(){this.skewMonitorTimer=this.config.clock.setTimeout(async()=>{try{await this.cacheClockSkew()}finally{this.stopped||this.scheduleSkewMonitor()}},this.config.clockMonitorIntervalSeconds*1e3)}async cacheClockSkew(){if(this._checkingSkew)return;let e=0;this._checkingSkew=!0;try{if(this.config.__test__force_clock_monitoring_error)throw Error(this.config.__test__force_clock_monitoring_error);this.config.__test__delay_clock_skew_ms&&await S(this.config.__test__delay_clock_skew_ms);let{rows:t}=await this.db.executeSql(Gn(this.config.schema)),n=this.config.clock.now();e=parseFloat(t[0].time)-n;let r=Math.abs(e)/1e3;(r>=60||this.config.__test__force_clock_skew_warning)&&await rx(this.warningContext,cx.CLOCK_SKEW,sx.CLOCK_SKEW.message,{seconds:r,direction:e>0?`slower`:`faster`}),this.clockSkew=e}catch(e){this.emit(this.events.error,e)}finally{this._checkingSkew=!1}}async onCron(){if(!(this.stopped||this._timekeeping)){this._timekeeping=!0;try{if(this.config.__test__force_cron_monitoring_error)throw Error(this.config.__test__force_cron_monitoring_error);this.config.__test__delay_cron_ms&&await S(this.config.__test__delay_cron_ms);let e=yn(this.config.schema,this.config.cronMonitorIntervalSeconds);if(!this.stopped){let{rows:t}=await this.db.executeSql(e),n=px(t[0]?.claimed);n?this.cronMonitorTimer?.anchor():this.cronMonitorTimer?.anchor(this.claimRetryDelay(t[0]?.elapsed)),!this.stopped&&n&&await this.cron(t[0].priorCronOn)}}catch(e){this.emit(this.events.error,e)}finally{this._timekeeping=!1}}}claimRetryDelay(e){let t=this.config.cronMonitorIntervalSeconds*1e3,n=Number(e);return(Number.isFinite(n)&&n>0?Math.max(0,t-n*1e3):t)+Math.min(1e3,t/4)}async cron(e=null){let t=await this.getSchedules(),n=[],r=/* @__PURE__ */ new Set,i=[],a=this.databaseTime,o=a-6e4,s=mx(e);for(let e of t){let{name:t,key:c,data:l,options:u,kind:d,cron:f,timezone:p}=e,m=JSON.stringify([t,c,f,p]),h=async e=>{r.add(m),this.warnedSchedules.has(m)||await rx(this.warningContext,cx.INVALID_SCHEDULE,e,{queue:t,key:c,cron:f,timezone:p})},g;try{g=this.dueOccurrences(f,d,p,a)}catch(e){await h(`Warning: schedule for queue "${t}" (key "${c}") could not be evaluated and was skipped: ${e.message}`);continue}let _=null;try{_=this.missedOccurrence(e,g.kind,s,o)}catch(e){await h(`Warning: schedule for queue "${t}" (key "${c}") could not be caught up on the gap since the last cron pass: ${e.message}`)}g.kind!==d&&i.push({name:t,key:c,kind:g.kind,cron:f});let v={data:{name:t,key:c,data:l,options:u},singletonKey:dx(t,c)},y=/* @__PURE__ */ new Set;_!==null&&y.add(fx(_));for(let e of g.occurrences)y.add(fx(e));for(let e of y)n.push({...v,data:{...v.data,slot:e},__singletonSlot:e})}this.warnedSchedules=r,n.length>0&&!this.stopped&&await this.manager.insert(ax.SEND_IT,n,{__singletonSlots:!0}),i.length>0&&!this.stopped&&await this.db.executeSql(zn(this.config.schema),[JSON.stringify(i)])}shouldSendIt(e,t,n=Ue.cron){return this.dueOccurrences(e,n,t).occurrences.length>0}dueOccurrences(e,t,n,r=this.databaseTime){vx(e);try{return{kind:t,occurrences:this.readOccurrences(e,t,n,r)}}catch(i){let a=Ub(e)?Ue.rrule:Ue.cron;if(a===t)throw i;return{kind:a,occurrences:this.readOccurrences(e,a,n,r)}}}missedOccurrence(e,t,n,r){let{cron:i,timezone:a,options:o,createdOn:s}=e;if(hx(o)===We.skip||n===null)return null;let c=Math.max(n,mx(s)??n);return c>=r?null:this.latestOccurrenceBefore(i,t,a,new Date(c),new Date(r))}latestOccurrenceBefore(e,t,n,r,i){if(t===Ue.rrule)return ex(e,r,i,n);let a=Zs.CronExpressionParser.parse(e,{tz:n,strict:!1,currentDate:new Date(i.getTime()+1)}).prev().toDate();return a.getTime()>r.getTime()?a:null}readOccurrences(e,t,n,r){let i=/* @__PURE__ */ new Date(r-6e4);if(t===Ue.rrule)return Qb(e,i,new Date(r),n);let a=Zs.CronExpressionParser.parse(e,{tz:n,strict:!1,currentDate:new Date(r+1)}).prev().toDate();return a.getTime()>i.getTime()?[a]:[]}reportSendItError(e){try{this.emit(this.events.error,e)}catch{}}async onSendIt(e){let t=await Promise.allSettled(e.map(async({data:e})=>{let{key:t,slot:n,...r}=e,{db:i,...a}=r.options??{};return await this.manager.send({...r,options:a})})),n=/* @__PURE__ */ new Map;for(let[r,i]of t.entries()){if(i.status===`rejected`){this.reportSendItError(i.reason);continue}let{name:t,key:a,slot:o}=e[r].data;if(i.value===null||a===void 0)continue;let s=JSON.stringify([t,a]),c=o??fx(new Date(this.databaseTime)),l=n.get(s);(l===void 0||l.slot<=c)&&n.set(s,{record:{name:t,key:a,jobId:i.value},slot:c})}n.size>0&&await this.setLastJobIds([...n.values()].map(({record:e})=>e))}async setLastJobIds(e){try{let t=Rn(this.config.schema);await this.db.executeSql(t,[JSON.stringify(e)])}catch(t){let n=`Warning: schedules fired but their last job id could not be recorded for ${e.map(({name:e,key:t})=>`"${e}" (key "${t}")`).join(`, `)}: ${t.message}`;this.reportSendItError(Error(n,{cause:t}))}}async getSchedules(e,t,n,r){let i=n!==void 0,a=[...r?[r.name,r.key]:[],...i?[n]:[]],o=Fn(this.config.schema,i,!!r),s=a;e&&t!==void 0?(o=Ln(this.config.schema),s=[e,t]):e&&(o=In(this.config.schema,i,!!r),s=[e,...a]);let{rows:c}=await this.db.executeSql(o,s);return c}async getSchedule(e,t=``){g(e,`Name is required`),g(typeof e==`string`,`Name must be a string`);let[n]=await this.getSchedules(e,t);return n??null}occurrenceWalker(e,t,n){if(vx(e),Ub(e))return tx(e,t),Zb(e,t,n);let r=_x(e,t,n);return()=>r.next().toDate()}previewSchedule(e,t={}){let{count:n=5}=t,r=t.tz||`UTC`,i=t.from??new Date(this.databaseTime);g(i instanceof Date&&!Number.isNaN(i.getTime()),`from must be a valid Date`);let a=this.occurrenceWalker(e,r,i);g(Number.isInteger(n)&&n>=1&&n<=1e3,`count must be an integer between 1 and 1000`);let o=Date.now()+lx,s=[];for(;s.length<n;){let t=a();if(t===null)break;if(s.push(t),s.length<n&&Date.now()>o)throw Error(`Gave up after ${lx}ms with ${s.length} of ${n} occurrences of "${e}". Ask for fewer and page with \`from\`.`)}return s}async schedule(e,t,n,r={}){let{db:i,...a}=r,{tz:o,key:s=``,missed:c,...l}=a,u=o||`UTC`,d=Ub(t)?Ue.rrule:Ue.cron;yx(t,u,new Date(this.config.clock.now())),d===Ue.rrule&&nx(t,u,new Date(this.databaseTime)),po([e,n,{...l}]),Ho(s),gx(c);try{let r=Bn(this.config.schema);await(i||this.db).executeSql(r,[e,s,d,t,u,n,a])}catch(t){throw t.message.includes(`foreign key`)&&(t.message=`Queue ${e} not found`),t}}async unschedule(e,t=``,n={}){let r=Vn(this.config.schema);await(n.db||this.db).executeSql(r,[e,t])}};const xx={created:`created`,active:`active`,stopping:`stopping`,stopped:`stopped`};var Sx=class{id;workId;name;options;fetch;onFetch;onError;resolveInterval;clock;jobs=[];createdOn;state=xx.created;lastFetchedOn=null;lastJobStartedOn=null;lastJobEndedOn=null;lastJobDuration=null;lastError=null;lastErrorOn=null;stopping=!1;stopped=!1;abortController=null;aborted=!1;abandonedHandler=null;graceExpired=!1;stopController=new AbortController;loopDelayPromise=null;beenNotified=!1;runPromise=null;constructor({id:e,workId:t,name:n,options:r,resolveInterval:i,fetch:a,onFetch:o,onError:s,clock:c}){this.clock=c,this.createdOn=c.now(),this.id=e,this.workId=t,this.name=n,this.options=r,this.fetch=a,this.onFetch=o,this.onError=s,this.resolveInterval=i}start(){this.runPromise=this.run()}async run(){for(this.state=xx.active;!this.stopping;){let e=this.clock.now(),t=0;try{this.beenNotified=!1;let e=await this.fetch();this.lastFetchedOn=this.clock.now(),e&&(t=e.length,this.jobs=e,this.lastJobStartedOn=this.lastFetchedOn,await this.onFetch(e),this.lastJobEndedOn=this.clock.now(),this.jobs=[])}catch(e){this.lastErrorOn=this.clock.now(),this.lastError=e,e.message=`${e.message} (Queue: ${this.name}, Worker: ${this.id})`,this.onError(e)}let n=this.clock.now()-e;this.lastJobDuration=n;let r=this.resolveInterval(t);!this.stopping&&!this.beenNotified&&r-n>100&&(this.loopDelayPromise=re(this.clock,r-n),await this.loopDelayPromise,this.loopDelayPromise=null)}this.stopping=!1,this.stopped=!0,this.state=xx.stopped}notify(){this.beenNotified=!0,this.loopDelayPromise&&this.loopDelayPromise.abort()}async stop(){this.stopped||(this.stopping=!0,this.state=xx.stopping,this.stopController.abort(),this.loopDelayPromise&&this.loopDelayPromise.abort(),await this.runPromise)}get stopSignal(){return this.stopController.signal}abort(){this.abortController&&(this.aborted=!0,this.abortController.signal.aborted||this.abortController.abort())}toWipData(){return{id:this.id,workId:this.workId,name:this.name,options:this.options,state:this.state,count:this.jobs.length,createdOn:this.createdOn,lastFetchedOn:this.lastFetchedOn,lastJobStartedOn:this.lastJobStartedOn,lastJobEndedOn:this.lastJobEndedOn,lastError:this.lastError,lastErrorOn:this.lastErrorOn,lastJobDuration:this.lastJobDuration}}},Cx=class{#e=/* @__PURE__ */ new Map;#t=[];clear(){this.#e.clear(),this.#t=[]}waitForJobWithId(e,t){return this.waitForJob(()=>!0,t,e)}waitForJob(e,t,n){let r=t=>n&&t.id!==n?!1:e(t.data);for(let e of this.#e.values())if(e.state===t&&r(e))return Promise.resolve(this.#i(e));return this.#n(r,t)}#n(e,t){let n,r=new Promise(e=>{n=e});return this.#t.push({selector:e,awaitedState:t,resolve:n}),r}#r(e,t){return`${e}:${t}`}#i(e){return{id:e.id,name:e.name,data:structuredClone(e.data),state:e.state,output:e.output?structuredClone(e.output):void 0}}addJob(e,t,n,r,i){let a={id:e,name:t,data:structuredClone(n),state:r,output:i?structuredClone(i):void 0},o=this.#r(e,r);this.#e.set(o,a);let s=[],c=[];for(let e of this.#t)e.awaitedState===r&&e.selector(a)?s.push(e):c.push(e);this.#t=c;for(let e of s)e.resolve(this.#i(a))}};const $={messagingSystem:`messaging.system`,operationName:`messaging.operation.name`,operationType:`messaging.operation.type`,destinationName:`messaging.destination.name`,messageId:`messaging.message.id`,batchMessageCount:`messaging.batch.message_count`,errorType:`error.type`,dbNamespace:`db.namespace`,schema:`pgboss.schema`,retryCount:`pgboss.job.retry_count`,jobState:`pgboss.job.state`},wx={operationDuration:`messaging.client.operation.duration`,sentMessages:`messaging.client.sent.messages`,consumedMessages:`messaging.client.consumed.messages`,processDuration:`messaging.process.duration`,queueJobs:`pgboss.queue.jobs`},Tx=`pg-boss`,Ex=`pg-boss`,Dx=[.005,.01,.025,.05,.075,.1,.25,.5,.75,1,2.5,5,7.5,10];function Ox(e){return e instanceof Error?e.constructor.name:`_OTHER`}function kx(e,t){return t?`${e} ${t}`:e}function Ax(e,t){let{[$.messageId]:n,[$.batchMessageCount]:r,[$.retryCount]:i,...a}=e;return t===void 0?a:{...a,[$.errorType]:Ox(t)}}function jx(e,t){e.setAttribute($.errorType,Ox(t)),t instanceof Error?(e.recordException(t),e.setStatus({code:r.ERROR,message:t.message})):e.setStatus({code:r.ERROR,message:String(t)})}function Mx(e){return(performance.now()-e)/1e3}var Nx=class{enabled;#e;#t;#n;#r;#i;#a;#o;#s=null;#c=null;#l=!1;constructor(e={},t,n){this.enabled=e.enabled!==!1,this.#e=this.enabled&&e.propagateContext===!0,this.#t=e.propagator??s,this.#n=t,this.#r={[$.schema]:t},this.#i=(e.tracerProvider??d.getTracerProvider()).getTracer(Ex,vs),this.#a=e.meterProvider,this.#o=n}setDatabase(e){this.#r={[$.dbNamespace]:`${e}|${this.#n}`,[$.schema]:this.#n}}#u(e,t,n){let r={[$.messagingSystem]:Tx,[$.operationName]:e,[$.operationType]:t,...this.#r};return n&&(r[$.destinationName]=n),r}#d(){if(!this.enabled)return null;let e=this.#a??l.getMeterProvider();if(e===this.#s&&this.#c)return this.#c;this.#c?.queueJobs.removeCallback(this.#f);let t=e.getMeter(Ex,vs);return this.#s=e,this.#c={operationDuration:t.createHistogram(wx.operationDuration,{description:`Duration of messaging operation initiated by a producer or consumer client.`,unit:`s`,advice:{explicitBucketBoundaries:Dx}}),sentMessages:t.createCounter(wx.sentMessages,{description:`Number of messages producer attempted to send to the broker.`,unit:`{message}`}),consumedMessages:t.createCounter(wx.consumedMessages,{description:`Number of messages that were delivered to the application.`,unit:`{message}`}),processDuration:t.createHistogram(wx.processDuration,{description:`Duration of processing operation.`,unit:`s`,advice:{explicitBucketBoundaries:Dx}}),queueJobs:t.createObservableGauge(wx.queueJobs,{description:`Jobs in a queue by state, as of the last queue cache refresh.`,unit:`{job}`})},this.#l&&this.#c.queueJobs.addCallback(this.#f),this.#c}#f=e=>{let t=this.#o();if(t)for(let n of Object.values(t)){let t={[$.messagingSystem]:Tx,[$.destinationName]:n.name,...this.#r};e.observe(n.deferredCount??0,{...t,[$.jobState]:`deferred`}),e.observe(n.readyCount??0,{...t,[$.jobState]:`ready`}),e.observe(n.blockedCount??0,{...t,[$.jobState]:`blocked`}),e.observe(n.activeCount??0,{...t,[$.jobState]:`active`}),e.observe(n.failedCount??0,{...t,[$.jobState]:`failed`})}};observeQueues(){!this.enabled||this.#l||(this.#l=!0,this.#d()?.queueJobs.addCallback(this.#f))}unobserveQueues(){this.#l&&(this.#l=!1,this.#c?.queueJobs.removeCallback(this.#f))}refreshInstruments(){this.#l&&this.#d()}async send(e,t,n,r,o=()=>null){if(!this.enabled)return r(null);let s=this.#u(e,`send`,t);typeof n==`number`&&n>1&&(s[$.batchMessageCount]=n);let l=this.#i.startSpan(kx(e,t),{kind:c.PRODUCER,attributes:s}),u=d.setSpan(a.active(),l),f=performance.now(),p=null;if(this.#e){let e={};this.#t.inject(u,e,i),p=Object.keys(e).length>0?e:null}try{let e=await a.with(u,()=>r(p)),t=o(e),i=typeof n==`number`?n:n(e);return i===1&&t?.length===1&&l.setAttribute($.messageId,t[0]),this.#p(f,i,Ax(s)),e}catch(e){throw jx(l,e),this.#p(f,typeof n==`number`?n:0,Ax(s,e)),e}finally{l.end()}}#p(e,t,n){let r=this.#d();r?.operationDuration.record(Mx(e),n),t>0&&r?.sentMessages.add(t,n)}async receive(e,t,n){if(!this.enabled)return t();let r=this.#u(`receive`,`receive`,e),i=this.#i.startSpan(kx(`receive`,e),{kind:c.CLIENT,attributes:r}),o=performance.now();try{let e=await a.with(d.setSpan(a.active(),i),t);e.length===1?i.setAttribute($.messageId,e[0].id):i.setAttribute($.batchMessageCount,e.length),i.addLinks(this.#m(e,n));let s=this.#d();return s?.operationDuration.record(Mx(o),Ax(r)),e.length>0&&s?.consumedMessages.add(e.length,Ax(r)),e}catch(e){throw jx(i,e),this.#d()?.operationDuration.record(Mx(o),Ax(r,e)),e}finally{i.end()}}consumed(e,t){t!==0&&this.#d()?.consumedMessages.add(t,Ax(this.#u(`process`,`process`,e)))}async process(e,t,n,r){if(!this.enabled){await r();return}let i=this.#u(`process`,`process`,e),s=o,l=[];if(t.length===1){i[$.messageId]=t[0].id,t[0].retryCount!==void 0&&(i[$.retryCount]=t[0].retryCount);let e=n(t[0]);e&&(s=this.#h(e))}else i[$.batchMessageCount]=t.length,l=this.#m(t,n);let u=this.#i.startSpan(kx(`process`,e),{kind:c.CONSUMER,attributes:i,links:l},s),f=performance.now(),p;try{p=await a.with(d.setSpan(s,u),r)}catch(e){throw p=e??/* @__PURE__ */ Error(`undefined error`),e}finally{p!==void 0&&jx(u,p),this.#d()?.processDuration.record(Mx(f),Ax(i,p)),u.end()}}async settle(e,t,n,r){if(!this.enabled)return r();let i=this.#u(e,`settle`,t);n.length===1?i[$.messageId]=n[0]:i[$.batchMessageCount]=n.length;let o=this.#i.startSpan(kx(e,t),{kind:c.CLIENT,attributes:i}),s=performance.now();try{let e=await a.with(d.setSpan(a.active(),o),r);return this.#d()?.operationDuration.record(Mx(s),Ax(i)),e}catch(e){throw jx(o,e),this.#d()?.operationDuration.record(Mx(s),Ax(i,e)),e}finally{o.end()}}#m(e,t){let n=[];for(let r of e){let e=this.#g(t(r));e&&n.push({context:e})}return n}#h(e){return this.#t.extract(o,e,u)}#g(e){if(!e)return null;let t=d.getSpanContext(this.#h(e));return t&&d.isSpanContextValid(t)?t:null}};const Px=Object.values(ax).reduce((e,t)=>({...e,[t]:t}),{}),Fx=`PGBOSS_QUEUE_NOT_FOUND`,Ix={TRANSACTIONAL_POOL_HEADROOM:`transactional_pool_headroom`,TRANSACTION_TIMEOUT_PROBE:`transaction_timeout_probe`,HANDLER_OVERRUN:`handler_overrun`};function Lx(e,t){return`a handler on queue ${e} is still running after exceeding ${t}s. Its jobs were failed and their signals aborted, and this worker fetches nothing until it returns. Stop the handler on job.signal.`}const Rx=[`transaction_timeout`,`idle_in_transaction_session_timeout`],zx=`SELECT ${Rx.map(e=>`current_setting('${e}', true) AS ${e}`).join(`, `)}`,Bx=`LEAST($2::bigint, NULLIF((SELECT s.setting::bigint FROM pg_settings s WHERE s.name = $1), 0))`,Vx=`SELECT set_config($1, ${Bx}::text, true)`,Hx=`SELECT ${Bx}`,Ux=[`priority`,`retryLimit`,`retryCount`,`retryDelay`,`retryDelayMax`,`expireInSeconds`,`heartbeatSeconds`,`deleteAfterSeconds`,`pendingDependencies`,`sourceRetryCount`],Wx=[`blockedCount`,`retryLimit`,`retryDelay`,`retryDelayMax`,`expireInSeconds`,`retentionSeconds`,`deleteAfterSeconds`,`heartbeatSeconds`,`deferredCount`,`warningQueueSize`,`queuedCount`,`readyCount`,`activeCount`,`failedCount`,`totalCount`,`createdDelta`,`completedDelta`,`failedDelta`,`deltaSeconds`,`readyOldestSeconds`],Gx=[`deferredCount`,`queuedCount`,`readyCount`,`activeCount`,`failedCount`,`totalCount`];function Kx(e){return Array.isArray(e)?e.map(e=>e==null?0:Number(e)):null}const qx=[`completedDelta`,`failedDelta`,`createdDelta`,`deltaSeconds`],Jx={error:`error`,warning:`warning`,wip:`wip`},Yx=[`priority`,`orderByCreatedOn`];function Xx(e){throw e?.code===Be.divisionByZero?Error(`one or more jobs could not be created. This usually means a job id was duplicated, collided with an existing job, or was rejected by a queue policy (short, singleton, stately, or exclusive).`,{cause:e}):e}function Zx(e){if(e?.code===Be.foreignKeyViolation||e?.errno===Be.foreignKeyViolation)return{constraint:e.constraint??e.constraint_name??/foreign key constraint "(\w+)"/.exec(e.message)?.[1],value:/\)=\('?(.*?)'?\) is not present/.exec(e.detail??e.message)?.[1]}}function Qx(e){return e==null?null:JSON.stringify(e)}var $x=class extends h{events=Jx;#e=/* @__PURE__ */ new Set;db;config;wipTs;workers;stopped;queueCacheInterval;wipInterval;timekeeper;notifier;queues;pendingOffWorkCleanups;#t;#n;#r;#i;#a;#o;#s;#c;#l;#u;#d;#f;#p;#m;#h;#g;constructor(e,t,n=p()){super(),this.config=t,this.db=e,this.wipTs=t.clock.now(),this.workers=/* @__PURE__ */ new Map,this.queues={},this.pendingOffWorkCleanups=/* @__PURE__ */ new Set,this.#t=/* @__PURE__ */ new Map,this.#n=/* @__PURE__ */ new WeakMap,this.#r=/* @__PURE__ */ new WeakMap,this.#i=null,this.#a=0,this.#o=t.__test__transactionTimeoutProbeCooldownMs??6e4,this.#s=!1,this.#c=/* @__PURE__ */ new Map,this.#l=/* @__PURE__ */ new Map,this.#u=/* @__PURE__ */ new Map,this.#d=n,this.#f=/* @__PURE__ */ new Map,this.#p=t.__test__handlerOverrunWindowMs??36e5,this.#m=/* @__PURE__ */ new Set,this.#h=new Nx(t.openTelemetry,t.schema,()=>this.queues),this.#g=/* @__PURE__ */ new WeakMap}get instanceId(){return this.#d}getSpy(e){if(!this.config.__test__enableSpies)throw Error(`Spy is not enabled. Set __test__enableSpies: true in constructor options to use spies.`);let t=this.#t.get(e);return t||(t=new Cx,this.#t.set(e,t)),t}clearSpies(){for(let e of this.#t.values())e.clear();this.#t.clear()}#_(e,t){let n=this.#l.get(e);return n?t&&n.tiers&&t in n.tiers?n.tiers[t]:n.default:1/0}#v(e){let t=this.#l.get(e);if(!t)return[];let n=this.#c.get(e);if(!n)return[];let r=this.#u.get(e)??t.default,i=[];for(let[e,t]of n.entries())t>=r&&i.push(e);return i}#y(e,t){let n=this.#c.get(e);n||(n=/* @__PURE__ */ new Map,this.#c.set(e,n));let r=n.get(t)||0;n.set(t,r+1)}#b(e,t){let n=this.#c.get(e);if(!n)return;let r=n.get(t)||0;r<=1?(n.delete(t),n.size===0&&this.#c.delete(e)):n.set(t,r-1)}#x(e,t){let n=this.config.__test__enableSpies?this.#t.get(e):void 0;if(n)for(let r of t)n.addJob(r.id,e,r.data,`active`)}async#S(e,t,n,r){let i=this.config.__test__enableSpies?this.#t.get(e):void 0;if(i){if(r===t.length){let r=t.length===1?n:void 0;for(let n of t)i.addJob(n.id,e,n.data,`completed`,r)}else for(let n of t){let t=await this.getJobById(e,n.id),r=t?.state;r===`completed`||r===`failed`||r===`active`||r===`created`?i.addJob(n.id,e,n.data,r,t?.output):t||i.addJob(n.id,e,n.data,`completed`,void 0)}}}async#C(e,t,n){let r=this.config.__test__enableSpies?this.#t.get(e):void 0;if(r)for(let i of t){let t=await this.getJobById(e,i.id);t?.state===`failed`&&r.addJob(i.id,e,i.data,`failed`,t.output??{message:n?.message,stack:n?.stack})}}#w(e,t,n){let r=this.config.__test__enableSpies?this.#t.get(e):void 0;if(r){for(let{job:n,output:i}of t)r.addJob(n.id,e,n.data,`completed`,i);for(let{job:t,output:i}of n)r.addJob(t.id,e,t.data,`failed`,Hs(i))}}async#T(e,t,n){if(!Array.isArray(n)){let n=/* @__PURE__ */ Error(`perJobResults handler must resolve with an array of job results`);return await this.fail(e,t,n),await this.#C(e,t,n),n}let r=new Map(t.map(e=>[e.id,e])),i=/* @__PURE__ */ new Map;for(let e of n)e&&r.has(e.id)&&(e.status===`completed`||e.status===`failed`||e.status===`deadletter`)&&i.set(e.id,e);let a=[],o=[],s=[];for(let e of t){let t=i.get(e.id);t?.status===`completed`?a.push({job:e,output:t.output}):t?.status===`failed`?o.push({job:e,output:t.output}):t?.status===`deadletter`?s.push({job:e,output:t.output}):o.push({job:e,output:/* @__PURE__ */ Error(`no disposition returned by handler`)})}let c=e=>e.map(({job:e,output:t})=>({id:e.id,retryCount:e.retryCount,output:t})),l=e=>e.map(({job:e})=>e.id),u=a.length>0?await this.#h.settle(`complete`,e,l(a),()=>this.#E(e,c(a))):null,d=o.length>0?await this.#h.settle(`fail`,e,l(o),()=>this.#D(e,c(o))):null,f=s.length>0?await this.#h.settle(`fail`,e,l(s),()=>this.#D(e,c(s),!0)):null,p=(e,t)=>{let n=new Set(t?.settled??[]);return e.filter(e=>n.has(e.job.id))};this.#w(e,p(a,u),[...p(o,d),...p(s,f)])}async#E(e,t){let{table:n}=await this.getQueueCache(e),r=t.map(e=>({id:e.id,retry_count:e.retryCount,output:this.mapCompletionDataArg(e.output)})),i=t.map(e=>e.id);if(this.config.noMultiMutationCte){let t=Cr(this.config.schema,n),{rows:a}=await this.db.executeSql(t,[e,JSON.stringify(r)]);return{jobs:i,requested:i.length,affected:a.length,settled:a.map(e=>e.id)}}let a=Sr(this.config.schema,n),o=await this.db.executeSql(a,[e,JSON.stringify(r)]);return this.mapCommandResponse(i,o)}async#D(e,t,n=!1){let{table:r}=await this.getQueueCache(e),i=t.map(e=>e.id);if(this.config.noMultiMutationCte){let a=new Map(t.map(e=>[e.id,this.mapCompletionDataArg(e.output)]));return this.ensureTransaction(this.db,async o=>{let s=Wr(this.config.schema,r,!0),{rows:c}=await o.executeSql(s.text,[e,i,mr(i,t.map(e=>e.retryCount))]);if(c.length===0)return{jobs:i,requested:i.length,affected:0,settled:[]};let l=Gr(this.config.schema,r);await o.executeSql(l.text,[e,c.map(e=>e.id)]);let u=await this.reinsertFailedJobs(o,r,c,null,a,n);return{jobs:i,requested:i.length,affected:u,settled:c.map(e=>e.id)}})}let a=t.map(e=>({id:e.id,retry_count:e.retryCount,output:this.mapCompletionDataArg(e.output)})),o=n?Hr(this.config.schema,r):Vr(this.config.schema,r),s=await this.db.executeSql(o,[e,JSON.stringify(a)]);return this.mapCommandResponse(i,s)}#O(e,t){let n=typeof t==`number`?{default:t}:t;this.#l.set(e,n),this.#u.set(e,n.tiers?Math.max(n.default,...Object.values(n.tiers)):n.default)}#k(e){this.getWorkers().some(t=>t.name===e&&!t.stopping&&!t.stopped)||(this.#l.delete(e),this.#u.delete(e))}#A(e,t){let n=[],r=[],i=[];for(let a of t)a.groupId?(this.#c.get(e)?.get(a.groupId)||0)<this.#_(e,a.groupTier)?(this.#y(e,a.groupId),n.push(a),i.push(a)):r.push(a):n.push(a);return{allowed:n,excess:r,groupedJobs:i}}#j(e,t){for(let n of t)n.groupId&&this.#b(e,n.groupId)}async#M(e,t,n,r,i,a=!1,o=!1,s,c={}){let l=t.map(e=>e.id),u=t.reduce((e,t)=>Math.max(e,t.expireInSeconds),0),d=t.map(e=>e.heartbeatSeconds||0).filter(e=>e>0),f=d.length?Math.min(...d):0,p=new AbortController,m=new Map(t.map(e=>[e.id,new AbortController]));t.forEach(e=>{e.signal=AbortSignal.any([p.signal,m.get(e.id).signal])}),r&&(r.abortController=p,r.aborted=!1);let h=null;if(f>0){let n=(i??f/2)*1e3;h=this.config.clock.setInterval(async()=>{let n=t.filter(e=>!m.get(e.id).signal.aborted);if(n.length===0)return;let r;try{r=await this.touch(e,n)}catch(e){this.emit(Jx.error,e);return}if(!r.settled)return;let i=new Set(r.settled);for(let e of n)i.has(e.id)||m.get(e.id).abort(/* @__PURE__ */ Error(`job ${e.id} is no longer active under this worker's claim`))},n)}let _,v=0,y,ee=!1,te,b=null,ne,x=!1;try{if(g(!(o&&f>0&&this.config.noTransactionalHeartbeat),`this backend cannot run a transactional handler over a job with heartbeatSeconds: the heartbeat refreshes the claimed row from a pooled connection, which the handler transaction is then refused a write to. The queue carried no heartbeat when this worker registered, so it came from the job (heartbeatSeconds on send()) or from the queue after registration. Drop it there and let expireInSeconds bound the job, or drop transactional and settle it with complete({ db })`),o){let e=s===void 0?u*1e3+qs:s*1e3,n=e>0?await this.#B():null;b=await this.db.beginTransaction();let r=/* @__PURE__ */ new Set,i=new Map(t.map(e=>[e.id,e.retryCount]));for(let e of[b.db,Gs(b.db)])this.#n.set(e,r),this.#r.set(e,i);n&&await this.#z(b,n,e)}if(r?.graceExpired)throw Error(`pg-boss shut down before the handler started`);let i=Promise.resolve(b?n(t,Gs(b.db)):n(t));ne=i,i.then(()=>{x=!0},()=>{x=!0});let c=await ie(this.config.clock,i,u,`handler execution exceeded ${u}s`,p);if(b&&r?.aborted)throw Error(`pg-boss shut down while the handler was still running`);if(a)te=await this.#T(e,t,c);else{let n=b?this.#H(b):null,r=await this.complete(e,t,l.length===1?c:void 0,b?{db:b.db}:void 0);_=c,v=r.affected,n&&this.#V(l,r.affected,n)}b&&await b.commit()}catch(n){b&&(await b.rollback(),n?.code===`25P02`&&(n.message=`${n.message} (the handler left its transaction aborted: let a SQL error raised through tx propagate out of the handler, or isolate the statement with a SAVEPOINT)`)),await this.fail(e,t,n),y=n,ee=!0}finally{if(h&&this.config.clock.clearInterval(h),r&&(r.abortController=null),ne&&!x){let t=ne;c.wait=async()=>{x||(await this.#N(e,l,u,t,r),r&&!x&&(r.abandonedHandler=t))}}}return this.config.__test__enableSpies&&this.#t.has(e)&&(ee?await this.#C(e,t,y):a||await this.#S(e,t,_,v)),ee?y??/* @__PURE__ */ Error(`handler rejected without a reason`):te}async#N(e,t,n,r,i){let a=i?.stopSignal;if(a?.aborted)return;i&&(i.jobs=[]),this.emit(Jx.warning,{message:Lx(e,n),data:{type:Ix.HANDLER_OVERRUN,instance:this.#d,queue:e,jobs:t,expireInSeconds:n}}),this.#P(e,t,n);let o;try{await new Promise(e=>{o=e,a?.addEventListener(`abort`,o,{once:!0}),r.then(()=>e(),()=>e())})}finally{o&&a?.removeEventListener(`abort`,o)}}#P(e,t,n){if(!this.config.persistWarnings||this.stopped)return;let r=this.#f.get(e);if(r){r.count++,r.expireInSeconds=Math.max(r.expireInSeconds,n),r.jobs=[...r.jobs,...t].slice(-10);return}let i=this.config.clock.now();this.#L(e,i,i,1,n,t),this.#f.set(e,{since:i,count:0,expireInSeconds:0,jobs:[],timer:this.#F(e)})}#F(e){return this.config.clock.setTimeout(()=>this.#I(e,!0),this.#p)}#I(e,t){let n=this.#f.get(e);if(!n||(this.config.clock.clearTimeout(n.timer),n.count&&t||this.#f.delete(e),!n.count))return;let r=this.config.clock.now();this.#L(e,n.since,r,n.count,n.expireInSeconds,n.jobs),t&&this.#f.set(e,{since:r,count:0,expireInSeconds:0,jobs:[],timer:this.#F(e)})}#L(e,t,n,r,i,a){let o=r===1?Lx(e,i):`${r} handlers on queue ${e} kept running after exceeding their timeout of up to ${i}s between ${new Date(t).toISOString()} and ${new Date(n).toISOString()}. Their jobs were failed and their signals aborted, and each held its worker until it returned. Stop the handler on job.signal.`,s={type:Ix.HANDLER_OVERRUN,instance:this.#d,queue:e,count:r,since:new Date(t).toISOString(),until:new Date(n).toISOString(),expireInSeconds:i,jobs:a.slice(0,10)},c=ix({emitter:this,db:this.db,schema:this.config.schema,errorEvent:Jx.error},Ix.HANDLER_OVERRUN,o,s).finally(()=>this.#m.delete(c));this.#m.add(c)}async#R(){for(let e of[...this.#f.keys()])this.#I(e,!1);await Promise.allSettled([...this.#m])}async#z(e,t,n){await e.db.executeSql(Vx,[t,`${Math.round(n)}`])}#B(){return!this.#i&&Date.now()<this.#a?Promise.resolve(null):(this.#i??=this.db.executeSql(zx).then(({rows:e})=>Rx.find(t=>e[0][t]!==null)??null).then(async e=>(e&&await this.db.executeSql(Hx,[e,`0`]),e)).catch(e=>(this.#i=null,this.#a=Date.now()+this.#o,this.#s||(this.#s=!0,this.emit(Jx.warning,{message:`could not ask this server which transaction timeout it supports, or read the bound it already carries, so transactional handlers run with no database-side bound until the next probe: ${e.message}`,data:{type:Ix.TRANSACTION_TIMEOUT_PROBE}})),null)),this.#i)}#V(e,t,n){let r=t+e.filter(e=>n.has(e)).length;if(r<e.length)throw Error(`${e.length-r} of ${e.length} job(s) were no longer claimed by this worker when the handler returned, so the transaction was rolled back. Either something took the claim away (expireInSeconds, a heartbeat the database stopped seeing, an operator's cancel() or fail(), another instance's supervisor), or the handler settled the job with SQL of its own instead of complete(), fail(), cancel() or deleteJob() on { db: tx }`)}#H(e){let t=this.#n.get(e.db)??/* @__PURE__ */ new Set;return this.#n.delete(e.db),this.#n.delete(Gs(e.db)),t}#U(e,t){let n=e.db&&this.#n.get(e.db);if(!n)return;let r=t.settled??(t.affected<t.requested?[]:t.jobs);for(let e of r)n.add(e)}#W(e,t){let n=e.db&&this.#r.get(e.db);if(n&&t.every(e=>n.has(e)))return t.map(e=>n.get(e))}async start(){if(this.stopped=!1,this.#h.enabled){let{rows:e}=await this.db.executeSql(On());this.#h.setDatabase(e[0].name)}this.queueCacheInterval=this.config.clock.setInterval(()=>this.onCacheQueues({emit:!0}),this.config.queueCacheIntervalSeconds*1e3),this.wipInterval=this.config.clock.setInterval(()=>{let e=this.config.clock.now();if(e-this.wipTs<2e3)return;let t=this.getWipData();t.some(e=>e.count>0)&&(this.emit(Jx.wip,t),this.wipTs=e)},2e3),await this.onCacheQueues(),this.#h.observeQueues()}async onCacheQueues({emit:e=!1}={}){try{g(!this.config.__test__throw_queueCache,`test error`);let e=await this.getQueues();this.queues=e.reduce((e,t)=>(e[t.name]=t,e),{}),this.#h.refreshInstruments()}catch(t){e&&this.emit(Jx.error,{...t,message:t.message,stack:t.stack})}}async getQueueCache(e){g(this.queues,`Queue cache is not initialized`);let t=this.queues[e];if(t)return t;if(t=await this.getQueue(e),!t)throw Object.assign(/* @__PURE__ */ Error(`Queue ${e} does not exist`),{code:Fx});return this.queues[e]=t,t}#G(e){this.queues&&delete this.queues[e]}async#K(e,t,n){let r=Zx(e);if(r?.constraint===`q_fkey`&&this.#q(r.value&&t.includes(r.value)?[r.value]:t,e,n),e?.code===Be.undefinedTable||e?.code===Be.checkViolation){let r=await Promise.all(t.map(e=>this.getQueue(e))).catch(()=>null);if(r){let i=t.filter((e,t)=>!r[t]);i.length&&this.#q(i,e,n),r.forEach(e=>{e&&this.queues&&(this.queues[e.name]=e)})}}if(r?.constraint===`dlq_fkey`)throw Error(r.value?`Dead letter queue ${r.value} does not exist`:`Dead letter queue does not exist`,{cause:e});Xx(e)}#q(e,t,n){throw e.forEach(e=>this.#G(e)),Object.assign(Error(`Queue ${e.join(`, `)} does not exist`,{cause:t}),n?{code:Fx}:{})}async#J(e){if(!this.queues)return;let t=await this.getQueue(e);t?this.queues[e]=t:this.#G(e)}async stop(){this.stopped=!0,this.config.clock.clearInterval(this.queueCacheInterval),this.config.clock.clearInterval(this.wipInterval),this.#h.unobserveQueues();let e=new Set([...this.workers.values()].filter(e=>!Px[e.name]).map(e=>e.name));await Promise.allSettled([...e].map(e=>this.offWork(e,{wait:!1}))),this.#l.clear(),this.#u.clear(),await this.#R()}async failWip(){for(let e of this.workers.values())e.graceExpired=!0;for(let e of this.workers.values()){if(e.jobs.map(e=>e.id).length)try{await this.fail(e.name,e.jobs,`pg-boss shut down while active`)}catch(t){try{this.emit(Jx.error,{...t,message:t.message,stack:t.stack,queue:e.name,worker:e.id})}catch{}}e.abort()}}async work(e,...t){let{options:n,callback:r}=Co(e,t);if(this.stopped)throw Error(`Workers are disabled. pg-boss is stopped`);let{pollingInterval:i,notifyPollingInterval:a,burstWhenReadyExceeds:o,burstWhenBatchFull:s=!1,batchSize:c=1,includeMetadata:l=!1,priority:u=!0,localConcurrency:d=1,localGroupConcurrency:f,groupConcurrency:m,orderByCreatedOn:h=!0,heartbeatRefreshSeconds:_,minPriority:v,maxPriority:y,perJobResults:ee=!1,transactional:te=!1,transactionTimeoutSeconds:b}=n;if(te){if(g(typeof this.db.beginTransaction==`function`,`transactional workers require a database connection pg-boss can open a transaction on: the built-in pool, or a db adapter implementing beginTransaction`),await this.#Y(e),this.stopped)throw Error(`Workers are disabled. pg-boss is stopped`);this.#X(d)}f!=null&&this.#O(e,f);let ne=p({disableEntropyCache:!0}),x=()=>!!(this.notifier?.available&&this.queues?.[e]?.notify),S=()=>this.queues?.[e]?.readyCount??0,re=e=>e>=c&&(o!==void 0&&S()>o||s&&c>1)?0:x()?a:i,ie=(t,i)=>{let a=()=>{let t=f==null?void 0:this.#v(e);return this.#oe(e,{batchSize:c,includeMetadata:l,priority:u,orderByCreatedOn:h,groupConcurrency:m,ignoreGroups:t,minPriority:v,maxPriority:y})},o=async(t,n)=>{this.#h.consumed(e,t.length);let i={};try{await this.#h.process(e,t,e=>this.#g.get(e),()=>this.#M(e,t,r,n,_,ee,te,b,i))}finally{await i.wait?.()}};return new Sx({id:t,workId:i,name:e,options:n,resolveInterval:re,fetch:a,onFetch:async n=>{if(!n.length)return;if(this.config.__test__throw_worker)throw Error(`__test__throw_worker`);this.emitWip(e),this.#x(e,n);let r=this.workers.get(t);if(f==null)await o(n,r);else{let{allowed:t,excess:i,groupedJobs:a}=this.#A(e,n);try{if(i.length>0){let n=i.map(e=>e.id);await this.restore(e,n),r&&(r.jobs=t)}t.length>0&&await o(t,r)}finally{let t=r?.abandonedHandler;if(r&&t){r.abandonedHandler=null;let n=()=>this.#j(e,a);t.then(n,n)}else this.#j(e,a)}}this.emitWip(e)},onError:n=>{this.emit(Jx.error,{...n,message:n.message,stack:n.stack,queue:e,worker:t})},clock:this.config.clock})};for(let e=0;e<d;e++){let t=ie(e===0?ne:p({disableEntropyCache:!0}),ne);this.addWorker(t),t.start()}return ne}async#Y(e){if(!this.config.noTransactionalHeartbeat)return;let t=await this.getQueue(e).catch(()=>null);g(!t?.heartbeatSeconds,`this backend cannot run a transactional worker on a queue with heartbeatSeconds: the heartbeat refreshes the claimed row from a pooled connection, which the handler transaction is then refused a write to. Drop heartbeatSeconds and let expireInSeconds bound the job, or drop transactional and settle it with complete({ db })`)}#X(e){if(!this.db._pgbdb)return;let t=this.config.max??10,n=[...this.workers.values()].filter(e=>e.options.transactional).length+e;n<t||this.emit(Jx.warning,{message:`transactional workers can hold ${n} of this pool's ${t} connections while their handlers run, leaving nothing for fetches, failures, or maintenance. Raise max above ${n}, or lower localConcurrency.`,data:{type:Ix.TRANSACTIONAL_POOL_HEADROOM,max:t,transactionalWorkers:n}})}addWorker(e){this.workers.set(e.id,e)}removeWorker(e){this.workers.delete(e.id)}getWorkers(){return Array.from(this.workers.values())}emitWip(e){if(!Px[e]){let e=this.config.clock.now();e-this.wipTs>2e3&&(this.emit(Jx.wip,this.getWipData()),this.wipTs=e)}}getWipData(e={}){let{includeInternal:t=!1}=e;return this.getWorkers().map(e=>e.toWipData()).filter(e=>e.state!==`stopped`&&(!Px[e.name]||t))}trackCleanup(e){this.pendingOffWorkCleanups.add(e);let t=()=>{this.pendingOffWorkCleanups.delete(e)};e.then(t,t)}async settleCleanups(){for(;this.pendingOffWorkCleanups.size>0;)await Promise.allSettled([...this.pendingOffWorkCleanups])}async offWork(e,t={wait:!0}){g(e,`queue name is required`),g(typeof e==`string`,`queue name must be a string`);let n=this.getWorkers().filter(n=>n.name===e&&(!t?.id||n.id===t.id||n.workId===t.id));if(n.length===0)return;let r=Promise.allSettled(n.map(async e=>{await e.stop(),this.removeWorker(e)}));t.wait?(await r,this.#k(e)):(this.trackCleanup(r),r.finally(()=>this.#k(e)))}notifyWorker(e){this.workers.get(e)?.notify()}#Z(e){return!!e&&!this.config.noListenNotify}notifyQueue(e){for(let t of this.workers.values())t.name===e&&t.notify()}forceFetchLnWorkers(){for(let e of this.workers.values())this.queues?.[e.name]?.notify&&e.notify()}async subscribe(e,t){g(e,`Missing required argument`),g(t,`Missing required argument`);let n=Hn(this.config.schema);await this.db.executeSql(n,[e,t])}async unsubscribe(e,t){g(e,`Missing required argument`),g(t,`Missing required argument`);let n=Un(this.config.schema);await this.db.executeSql(n,[e,t])}async publish(e,t,n){g(e,`Missing required argument`),await this.#h.send(`publish`,e,0,()=>this.#Q(e,t,n))}async#Q(e,t,n){let r=Wn(this.config.schema),{rows:i}=await this.db.executeSql(r,[e]),a=await Promise.allSettled(i.map(({name:e})=>this.send(e,t,n))),o=a.map((e,t)=>({result:e,name:i[t].name})).filter(e=>e.result.status===`rejected`&&e.result.reason?.code!==Fx);if(o.length>0)throw AggregateError(o.map(({name:e,result:t})=>`${e}: ${t.reason?.message??t.reason}`),`publish('${e}') failed for ${o.length} of ${a.length} subscribed queue(s)`)}async send(...e){let t=po(e);return await this.createJob(t)}async sendAfter(e,t,n,r){n=n?{...n}:{},n.startAfter=r;let i=po([e,t,n]);return await this.createJob(i)}async sendThrottled(e,t,n,r,i){n=n?{...n}:{},n.singletonSeconds=r,n.singletonNextSlot=!1,n.singletonKey=i;let a=po([e,t,n]);return await this.createJob(a)}async sendDebounced(e,t,n,r,i){n=n?{...n}:{},n.singletonSeconds=r,n.singletonNextSlot=!0,n.singletonKey=i;let a=po([e,t,n]);return await this.createJob(a)}#$(e,t,n){let{id:r=null,priority:i,startAfter:a,singletonKey:o=null,singletonSeconds:s,expireInSeconds:c,deleteAfterSeconds:l,retentionSeconds:u,retryLimit:d,retryDelay:f,retryBackoff:p,retryDelayMax:m,heartbeatSeconds:h,group:g,deadLetter:_=null}=n;return{id:r,name:e,data:t,priority:i,startAfter:a,singletonKey:o,singletonSeconds:s,singletonOffset:0,groupId:g?.id??null,groupTier:g?.tier??null,expireInSeconds:c,deleteAfterSeconds:l,retentionSeconds:u,retryLimit:d,retryDelay:f,retryBackoff:p,retryDelayMax:m,heartbeatSeconds:h,deadLetter:_}}async createJob(e){return this.#h.send(`send`,e.name,1,t=>this.#ee(e,t),e=>e?[e]:null)}async#ee(e,t){let{name:n,data:r=null,options:i={}}=e,{db:a,singletonSeconds:o,singletonNextSlot:s}=i,c={...this.#$(n,r,i),__traceContext:t},l=a||this.db,{table:u,policy:d,notify:f}=await this.getQueueCache(n);if(d===E.key_strict_fifo&&!c.singletonKey)throw Error(`${E.key_strict_fifo} queues require a singletonKey`);let p=Or(this.config.schema,{table:u,name:n,returnId:!0,notify:this.#Z(f)}),m=()=>l.executeSql(p,[JSON.stringify([c])]).catch(e=>this.#K(e,[n],!a)),{rows:h}=await m();if(h.length===1){let e=h[0].id;if(this.config.__test__enableSpies){let t=this.#t.get(n);t&&t.addJob(e,n,r||{},`created`)}return e}if(s){c.startAfter=this.getDebounceStartAfter(o,this.timekeeper.clockSkew),c.singletonOffset=o;let{rows:e}=await m();if(e.length===1){let t=e[0].id;if(this.config.__test__enableSpies){let e=this.#t.get(n);e&&e.addJob(t,n,r||{},`created`)}return t}}return null}#te(e,t){return{data:e,priority:t.priority,startAfter:t.startAfter,retentionSeconds:t.retentionSeconds,expireInSeconds:t.expireInSeconds,deleteAfterSeconds:t.deleteAfterSeconds,retryLimit:t.retryLimit,retryDelay:t.retryDelay,retryBackoff:t.retryBackoff,retryDelayMax:t.retryDelayMax,deadLetter:t.deadLetter,heartbeatSeconds:t.heartbeatSeconds,groupId:t.group?.id,groupTier:t.group?.tier,id:t.id,singletonKey:t.singletonKey}}async update(...e){let t=ho(e),{name:n,data:r}=t,i=t.options??{};A(n);let a=this.assertDb(i),{table:o,notify:s}=await this.getQueueCache(n),c=i.id?`id`:`singletonKey`,l=i.match??`newest`,u=JSON.stringify(this.#te(r,i)),d=wi(this.config.schema,o,n,c,l,this.#Z(s)),{rows:f}=await a.executeSql(d,[u]),p=f.map(e=>e.id);return{jobs:p,updated:p.length}}async upsert(...e){let t=ho(e,{upsert:!0});return A(t.name),this.#h.send(`upsert`,t.name,e=>e.inserted,e=>this.#ne(t,e),e=>e.jobs)}async#ne(e,t){let{name:n,data:r}=e,i=e.options??{},a=this.assertDb(i),{table:o,policy:s,notify:c}=await this.getQueueCache(n),l=i.id?`id`:`singletonKey`,u=i.match??`newest`;if(s===E.key_strict_fifo&&!i.singletonKey)throw Error(`${E.key_strict_fifo} queues require a singletonKey`);let d=this.#Z(c),f=wi(this.config.schema,o,n,l,u,d),p=Or(this.config.schema,{table:o,name:n,returnId:!0,notify:d,upsertByKey:l===`singletonKey`}),m=this.#te(r,i),h=JSON.stringify(m),g=JSON.stringify([{...m,__traceContext:t}]),_=()=>this.ensureTransaction(a,async e=>{let{rows:t}=await e.executeSql(f,[h]);if(t.length){let e=t.map(e=>e.id);return{jobs:e,updated:e.length,inserted:0}}let{rows:n}=await e.executeSql(p,[g]);if(n.length){let e=n.map(e=>e.id);return{jobs:e,updated:0,inserted:e.length}}let{rows:r}=await e.executeSql(f,[h]),i=r.map(e=>e.id);return{jobs:i,updated:i.length,inserted:0}}).catch(e=>this.#K(e,[n],!i.db)),v;for(let e=1;;e++)try{v=await _();break}catch(t){if(i.db||t?.code!==`40001`||e===3)throw t}if(v.inserted&&this.config.__test__enableSpies){let e=this.#t.get(n);if(e)for(let t of v.jobs)e.addJob(t,n,r||{},`created`)}return v}async insert(e,t,n={}){return g(Array.isArray(t),`jobs argument should be an array`),this.#h.send(`insert`,e,t.length,r=>this.#re(e,t,n,r))}async#re(e,t,n,r){let i=n.__singletonSlots===!0,a=/* @__PURE__ */ new Set;for(let e of t){if(e.id!=null){if(a.has(e.id))throw Error(`duplicate job id in insert batch: ${e.id}`);a.add(e.id)}go(e)}let{table:o,policy:s,notify:c}=await this.getQueueCache(e);if(s===E.key_strict_fifo){for(let e of t)if(!e.singletonKey)throw Error(`${E.key_strict_fifo} queues require a singletonKey`)}let l=this.config.__test__enableSpies?this.#t.get(e):void 0,u=l?/* @__PURE__ */ new Map:void 0,d=t.map(e=>{let{blocked:t,blocking:n,pendingDependencies:a,group:o,__singletonSlot:s,...c}=e;return Object.assign(c,{__traceContext:r}),i&&s!==void 0&&Object.assign(c,{__singletonSlot:s}),o&&Object.assign(c,{groupId:o.id,groupTier:o.tier}),typeof c.startAfter==`string`&&(c.startAfter=fo(c.startAfter)),u&&(c.id??=p(),u.set(c.id,e.data??{})),c}),f=this.assertDb(n),m=!!l||!!n.returnId,h=Or(this.config.schema,{table:o,name:e,returnId:m,notify:this.#Z(c),slots:i}),{rows:g}=await f.executeSql(h,[JSON.stringify(d)]).catch(t=>this.#K(t,[e],!n.db));if(g.length){if(l)for(let t of g)l.addJob(t.id,e,u.get(t.id),`created`);return g.map(e=>e.id)}return null}async flow(e,t={}){_o(e);let n=new Set(e.map(e=>e.name)).size===1?e[0].name:null;return this.#h.send(`flow`,n,e.length,n=>this.#ie(e,t,n),e=>Object.values(e))}async#ie(e,t,n){let r=e.map(e=>({...e,options:po([{name:e.name,data:e.data,options:e.options}]).options})),i={};for(let e of r)i[e.ref]=e.options?.id??p();let a=new Map(r.map(e=>[e.ref,e])),o=/* @__PURE__ */ new Map,s=/* @__PURE__ */ new Set,c=[];for(let e of r){let t=[...new Set(e.dependsOn??[])];o.set(e.ref,t.length);for(let n of t){let t=a.get(n);s.add(n),c.push({child_name:e.name,child_id:i[e.ref],parent_name:t.name,parent_id:i[n]})}}let l=/* @__PURE__ */ new Map;for(let e of r){let t=l.get(e.name)||[];t.push(e),l.set(e.name,t)}let u=[];for(let[e,t]of l){let{table:r,notify:a}=await this.getQueueCache(e),c=t.map(t=>{let r=o.get(t.ref)??0;return{id:i[t.ref],name:e,data:t.data??null,priority:t.options?.priority,startAfter:t.options?.startAfter,singletonKey:t.options?.singletonKey??void 0,singletonSeconds:t.options?.singletonSeconds,groupId:t.options?.group?.id??void 0,groupTier:t.options?.group?.tier??void 0,expireInSeconds:t.options?.expireInSeconds,deleteAfterSeconds:t.options?.deleteAfterSeconds,retentionSeconds:t.options?.retentionSeconds,retryLimit:t.options?.retryLimit,retryDelay:t.options?.retryDelay,retryBackoff:t.options?.retryBackoff,retryDelayMax:t.options?.retryDelayMax,heartbeatSeconds:t.options?.heartbeatSeconds,deadLetter:t.options?.deadLetter??void 0,blocked:r>0||void 0,blocking:s.has(t.ref)||void 0,pendingDependencies:r||void 0,__traceContext:n}});u.push(kr(this.config.schema,{table:r,name:e},c)),this.#Z(a)&&u.push(Gt(this.config.schema,e))}c.length>0&&u.push(oa(this.config.schema,c));let d=t.db??this.db,f=t.db?u.join(`;
`):Qi(u);try{await d.executeSql(f)}catch(e){await this.#K(e,[...l.keys()],!t.db)}return i}getDebounceStartAfter(e,t){let n=e*1e3,r=this.config.clock.now()+t,i=Math.floor(r/n)*n,a=e-Math.floor((r-i)/1e3)||1;return e>1&&a++,a}#ae(e){for(let t of Yx)e[t]===!1&&!this.#e.has(t)&&(this.#e.add(t),process.emitWarning(`${t}: false is deprecated and now ignored. Jobs are always fetched in priority and creation order. Remove it; it will be rejected in the next major.`,`DeprecationWarning`,`PGBOSS_DEP_FETCH_SORT`))}async fetch(e,t={}){return To(e,t),this.#h.receive(e,()=>this.#oe(e,t),e=>this.#g.get(e))}async#oe(e,t){this.#ae(t);let n=this.assertDb(t),{table:r,policy:i}=await this.getQueueCache(e),a=fr({...t,schema:this.config.schema,table:r,name:e,policy:i,limit:t.batchSize||1,includeTraceContext:this.#h.enabled},this.config.noSkipLocked),o;try{o=await n.executeSql(a.text,a.values)}catch(e){if(e?.code!==`23505`)throw e}let s=o?.rows||[];for(let e of s){let t=typeof e.__traceContext==`string`?JSON.parse(e.__traceContext):e.__traceContext;delete e.__traceContext,t&&this.#g.set(e,t)}return this.#ue(s)}mapAttemptArg(e,t){g(e,`${t}() requires an id`);let n=Array.isArray(e)?e:[e];if(g(n.length,`${t}() requires an id`),n.every(e=>typeof e==`string`))return{ids:n};let r=n;return g(r.every(e=>e&&typeof e==`object`&&typeof e.id==`string`&&Number.isInteger(e.retryCount)&&e.retryCount>=0),`${t}() requires either ids or jobs with an id and an integer retryCount, not a mix`),{ids:r.map(e=>e.id),attempts:r.map(e=>e.retryCount)}}mapCompletionIdArg(e,t){let n=`${t}() requires an id`;g(e,n);let r=Array.isArray(e)?e:[e];return g(r.length,n),r}mapCompletionDataArg(e){return e==null||typeof e==`function`?null:Hs(typeof e==`object`&&!Array.isArray(e)?e:{value:e})}mapCommandResponse(e,t){return{jobs:e,requested:e.length,affected:t&&t.rows?parseInt(t.rows[0].count):0,settled:t?.rows?.[0]?.ids}}async complete(e,t,n,r={}){A(e);let i=this.assertDb(r),{ids:a,attempts:o}=this.mapAttemptArg(t,`complete`),s=o??this.#W(r,a);return this.#h.settle(`complete`,e,a,async()=>{let{table:t}=await this.getQueueCache(e),o=this.mapCompletionDataArg(n),c;if(this.config.noMultiMutationCte)c=await this.completeDistributed(e,a,o,t,i,r.includeQueued,s);else{let n=xr(this.config.schema,t,r.includeQueued,!!s),l=await i.executeSql(n,s?[e,a,o,mr(a,s)]:[e,a,o]);c=this.mapCommandResponse(a,l)}return this.#U(r,c),c})}async ensureTransaction(e,t){return e===this.db&&this.db._pgbdb?this.db.withTransaction(t):t(e)}async completeDistributed(e,t,n,r,i,a,o){let s=Yr(this.config.schema,r,a,!!o),{rows:c}=await i.executeSql(s,o?[e,t,n,mr(t,o)]:[e,t,n]);return{jobs:t,requested:t.length,affected:c.length,settled:c.map(e=>e.id)}}async fail(e,t,n,r={}){A(e);let i=this.assertDb(r),{ids:a,attempts:o}=this.mapAttemptArg(t,`fail`),s=o??this.#W(r,a);return this.#h.settle(`fail`,e,a,async()=>{let{table:t}=await this.getQueueCache(e),o=this.mapCompletionDataArg(n),c;if(this.config.noMultiMutationCte)c=await this.failDistributed(e,a,o,t,i,s);else{let n=Ar(this.config.schema,t,!!s),r=await i.executeSql(n,s?[e,a,o,mr(a,s)]:[e,a,o]);c=this.mapCommandResponse(a,r)}return this.#U(r,c),c})}async failDistributed(e,t,n,r,i,a){return this.ensureTransaction(i,async i=>{let o=Wr(this.config.schema,r,!!a),{rows:s}=await i.executeSql(o.text,a?[e,t,mr(t,a)]:[e,t]);if(s.length===0)return{jobs:t,requested:t.length,affected:0,settled:[]};let c=Gr(this.config.schema,r);await i.executeSql(c.text,[e,s.map(e=>e.id)]);let l=await this.reinsertFailedJobs(i,r,s,n);return{jobs:t,requested:t.length,affected:l,settled:s.map(e=>e.id)}})}async failJobsByTimeoutDistributed(e,t,n){let r=Kr(this.config.schema,e,t,n);return this.expireJobsDistributed(e,r,{value:{message:`job timed out`}})}async failJobsByHeartbeatDistributed(e,t,n){let r=qr(this.config.schema,e,t,n);return this.expireJobsDistributed(e,r,{value:{message:`job heartbeat timeout`}})}async resolveFlowJobsDistributed(e,t){let n=$r(this.config.schema,e,t,this.config.noSkipLocked);return this.ensureTransaction(this.db,async e=>{let{rows:t}=await e.executeSql(n.text,n.values);if(t.length===0)return 0;let r=/* @__PURE__ */ new Map;for(let e of t){let t=r.get(e.name)||[];t.push(e.id),r.set(e.name,t)}let i=Xr(this.config.schema),a=ei(this.config.schema);for(let[t,n]of r)await e.executeSql(i,[t,n]),await e.executeSql(a,[t,n]);return t.length})}async expireJobsDistributed(e,t,n){return this.ensureTransaction(this.db,async r=>{let{rows:i}=await r.executeSql(t.text,[]);if(i.length===0)return 0;let a=Jr(this.config.schema,e);return await r.executeSql(a.text,[i.map(e=>e.name),i.map(e=>e.id)]),this.reinsertFailedJobs(r,e,i,n)})}async reinsertFailedJobs(e,t,n,r,i,a=!1){let o=ti(this.config.schema,t),s=ni(this.config.schema),c=0;for(let t of n){let n=i?i.get(t.id)??null:r,l=Number(t.retry_count),u=Number(t.retry_limit),d=Number(t.retry_delay),f=t.retry_delay_max==null?null:Number(t.retry_delay_max),p=t.started_on_text??t.started_on,m=t.singleton_on_text??t.singleton_on,h=t.created_on_text??t.created_on,g=t.keep_until_text??t.keep_until,_=t.start_after_text??t.start_after,v=t.source_created_on_text??t.source_created_on,y=Qx(t.data),ee=Qx(n),te=Qx(t.source_output),b=Qx(t.trace_context),ne=!a&&l<u,x=!1;if(ne){let n=_;if(!t.retry_backoff)n=new Date(this.config.clock.now()+d*1e3);else{let e=Math.min(16,l+1),t=Math.max(d,1)*(2**e/2+2**e/2*Math.random()),r=f==null?t:Math.min(f,t);n=new Date(this.config.clock.now()+r*1e3)}let{rows:r}=await e.executeSql(o,[t.id,t.name,t.priority,y,`retry`,t.retry_limit,t.retry_count,t.retry_delay,t.retry_backoff,t.retry_delay_max,n,p,t.singleton_key,m,t.group_id,t.group_tier,t.expire_seconds,t.deletion_seconds,h,null,g,t.policy,ee,t.dead_letter,null,t.heartbeat_seconds,t.blocked,t.blocking,t.pending_dependencies,t.source_name,t.source_id,v,t.source_retry_count,te,t.source_root_id,b]);x=r.length>0}x||(await e.executeSql(o,[t.id,t.name,t.priority,y,`failed`,t.retry_limit,t.retry_count,t.retry_delay,t.retry_backoff,t.retry_delay_max,_,p,t.singleton_key,m,t.group_id,t.group_tier,t.expire_seconds,t.deletion_seconds,h,new Date(this.config.clock.now()),g,t.policy,ee,t.dead_letter,null,t.heartbeat_seconds,t.blocked,t.blocking,t.pending_dependencies,t.source_name,t.source_id,v,t.source_retry_count,te,t.source_root_id,b]),t.dead_letter&&await e.executeSql(s,[t.dead_letter,y,ee,t.name,t.id,h,t.retry_count,t.singleton_key,t.priority,t.group_id,t.group_tier,t.source_root_id,b])),c++}return c}async deleteJob(e,t,n={}){A(e);let r=this.assertDb(n),{ids:i,attempts:a}=this.mapAttemptArg(t,`deleteJob`),o=a??this.#W(n,i);return this.#h.settle(`delete`,e,i,async()=>{let{table:t}=await this.getQueueCache(e),a=An(this.config.schema,t,!!o),s=await r.executeSql(a,o?[e,i,mr(i,o)]:[e,i]);await this.#ce(n,e,s,!0);let c=this.mapCommandResponse(i,s);return this.#U(n,c),c})}#se(e){let{destination:t,sourceName:n,data:r,createdBefore:i,ids:a}=e;return t!==void 0&&A(t),n!==void 0&&A(n),r!==void 0&&g(typeof r==`object`&&!!r&&!Array.isArray(r),`data must be an object`),i!==void 0&&g(i instanceof Date&&!Number.isNaN(i.getTime()),`createdBefore must be a valid Date`),a!==void 0&&g(Array.isArray(a)&&a.length>0&&a.every(e=>typeof e==`string`),`ids must be a non-empty array of strings`),[t??null,n??null,r===void 0?null:JSON.stringify(r),i??null,a??null]}async redrive(e,t={}){A(e);let{limit:n=1e3}=t,r=this.#se(t);g(Number.isInteger(n)&&n>=1,`limit must be an integer >= 1`);let i=this.assertDb(t),{table:a}=await this.getQueueCache(e);if(this.config.noMultiMutationCte)return this.ensureTransaction(i,async t=>{let{rows:i}=await t.executeSql(li(this.config.schema,a),[e,...r,n]);if(i.length===0)return 0;let o=i.map(e=>e.id),s=i.map(e=>e.new_id),{rows:c}=await t.executeSql(ui(this.config.schema,a),[o,r[0],s,e]),l=new Set(c.map(e=>e.id)),u=o.filter((e,t)=>l.has(s[t])),d=o.filter((e,t)=>!l.has(s[t]));return u.length&&await t.executeSql(Jr(this.config.schema,a).text,[u.map(()=>e),u]),d.length&&await t.executeSql(di(this.config.schema,a),[d,r[0],e]),u.length});let o=ci(this.config.schema,a),s=await i.executeSql(o,[e,...r,n]);return Number(s.rows[0].moved)}async previewRedrive(e,t={}){A(e);let n=Lo(`previewRedrive`,t.limit),r=this.#se(t),i=this.assertDb(t),{table:a}=await this.getQueueCache(e),o=fi(this.config.schema,a),{rows:s}=await i.executeSql(o,[e,...r,n]),c=/* @__PURE__ */ new Map,l=0;for(let e of s)e.destination===null?l++:c.set(e.destination,(c.get(e.destination)??0)+1);let u=[...c].map(([e,t])=>({name:e,count:t}));return u.sort((e,t)=>t.count-e.count||e.name.localeCompare(t.name)),{total:s.length,destinations:u,unroutable:l}}async cancel(e,t,n={}){A(e);let r=this.assertDb(n),{ids:i,attempts:a}=this.mapAttemptArg(t,`cancel`),o=a??this.#W(n,i);return this.#h.settle(`cancel`,e,i,async()=>{let{table:t}=await this.getQueueCache(e),a=wr(this.config.schema,t,!!o),s=await r.executeSql(a,o?[e,i,mr(i,o)]:[e,i]),c=this.mapCommandResponse(i,s);return this.#U(n,c),c})}async resume(e,t,n={}){A(e);let r=this.assertDb(n),i=this.mapCompletionIdArg(t,`resume`),{table:a}=await this.getQueueCache(e),o=Tr(this.config.schema,a),s=await r.executeSql(o,[e,i]);return await this.#ce(n,e,s,!1),this.mapCommandResponse(i,s)}async#ce(e,t,n,r){let i=Number(n?.rows?.[0]?.retained??0);if(i>0&&!e.db)try{await this.db.executeSql(Si(this.config.schema),[t,i,r?i:0])}catch(e){this.emit(Jx.error,e)}}async restore(e,t,n={}){A(e);let r=this.assertDb(n),i=this.mapCompletionIdArg(t,`restore`),{table:a}=await this.getQueueCache(e),o=Er(this.config.schema,a);await r.executeSql(o,[e,i])}async retry(e,t,n={}){A(e);let r=n.db||this.db,i=this.mapCompletionIdArg(t,`retry`),{table:a}=await this.getQueueCache(e),o=Ci(this.config.schema,a),s=await r.executeSql(o,[e,i]);return this.mapCommandResponse(i,s)}async touch(e,t,n={}){A(e);let r=this.assertDb(n),{ids:i,attempts:a}=this.mapAttemptArg(t,`touch`),{table:o}=await this.getQueueCache(e),s=Lr(this.config.schema,o,!!a),c=await r.executeSql(s,a?[e,i,mr(i,a)]:[e,i]);return this.mapCommandResponse(i,c)}async createQueue(e,t={}){e||=t.name,A(e);let n=t.policy||E.standard;g(n in E,`${n} is not a valid queue policy`),co(t),t.deadLetter&&(A(t.deadLetter),v(e,t.deadLetter,`deadLetter cannot be itself`),await this.getQueueCache(t.deadLetter));let r=Ut(this.config.schema,e,{...t,policy:n},this.config.noAdvisoryLocks);await this.db.executeSql(r),await this.#J(e)}async getBlockedKeys(e,t={}){A(e);let n=Lo(`getBlockedKeys`,t.limit),{after:r}=t;Bo(`getBlockedKeys`,r);let{table:i,policy:a}=await this.getQueueCache(e);if(a!==E.key_strict_fifo)throw Error(`getBlockedKeys is only available for ${E.key_strict_fifo} queues`);let o=da(this.config.schema,i,r!==void 0),{rows:s}=await this.db.executeSql(o,r===void 0?[e,n]:[e,r,n]);return s.map(e=>e.singletonKey)}async getQueues(e,t,n){if(e=Array.isArray(e)?e:typeof e==`string`?[e]:void 0,e)for(let t of e)A(t);let r=kn(this.config.schema,e,t,n),{rows:i}=await this.db.executeSql(r.text,r.values);if(this.config.backend===`cockroachdb`)for(let e of i)for(let t of Wx)e[t]!==void 0&&e[t]!==null&&(e[t]=Number(e[t]));for(let e of i)e.waitBins=Kx(e.waitBins),e.runBins=Kx(e.runBins);return i}async updateQueue(e,t={}){if(A(e),g(Object.keys(t).length>0,`no properties found to update`),`policy`in t)throw Error(`queue policy cannot be changed after creation`);if(`partition`in t)throw Error(`queue partitioning cannot be changed after creation`);co(t);let{deadLetter:n}=t;n!=null&&(A(n),v(e,n,`deadLetter cannot be itself`));let r=Dn(this.config.schema);await this.db.executeSql(r,[e,t]),await this.#J(e)}async getQueue(e){return(await this.getQueues([e]))[0]||null}async deleteQueue(e){A(e);let t;try{t=await this.getQueueCache(e)}catch{return}if(!t.partition){let{rows:[n]}=await this.db.executeSql(Kt(this.config.schema),[e]);if(n)throw Error(n.kind===`queue`?`Queue ${e} was not deleted: queue ${n.name} uses it as its dead letter queue`:`Queue ${e} was not deleted: jobs in queue ${n.name} name it as their dead letter queue`);await this.#le(e,n=>vi(this.config.schema,t.table,e,n))}let n=qt(this.config.schema,e,this.config.noAdvisoryLocks,!this.config.noTablePartitioning);for(let t=1;;t++)try{await this.db.executeSql(n);break}catch(n){if(n?.code!==Be.lockNotAvailable)throw n;if(t===12)throw Error(`Queue ${e} was not deleted: its tables stayed locked through ${t} tries`,{cause:n});await S(Math.min(25*2**(t-1),400)*(.5+Math.random()/2))}this.#G(e)}async#le(e,t){let n=this.config.__test__walk_batch_size,r,i=0,a=0;try{for(;;){let{rows:e}=await this.db.executeSql(t({after:r,batchSize:n,backend:this.config.backend}));if(i+=Number(e[0].deleted),a+=Number(e[0].deletedRetained),!e[0].walkCursor)return i;r=e[0].walkCursor}}finally{if(i)try{await this.db.executeSql(Si(this.config.schema),[e,a,i])}catch(e){this.emit(Jx.error,e)}}}async deleteQueuedJobs(e){A(e);let{table:t}=await this.getQueueCache(e);return this.#le(e,n=>gi(this.config.schema,t,e,n))}async deleteStoredJobs(e){A(e);let{table:t}=await this.getQueueCache(e);return this.#le(e,n=>_i(this.config.schema,t,e,n))}async deleteAllJobs(e){if(!e){let e=Mn(this.config.schema,`job`);return await this.db.executeSql(e),await this.db.executeSql(Nn(this.config.schema)),null}A(e);let{table:t,partition:n}=await this.getQueueCache(e);if(n){let n=Mn(this.config.schema,t);return await this.db.executeSql(n),await this.db.executeSql(Nn(this.config.schema,!0),[e]),null}return this.#le(e,n=>vi(this.config.schema,t,e,n))}async getQueueStats(e,t={}){A(e),g(t.percentiles===void 0||Array.isArray(t.percentiles)&&t.percentiles.length>0&&t.percentiles.every(e=>typeof e==`number`&&e>=1&&e<=100),`getQueueStats: percentiles must be a non-empty array of percents from 1 to 100, such as [50, 95]`);let n=t.percentiles&&[...new Set(t.percentiles)],r=this.config.backend===`cockroachdb`,i=(t,i=!1)=>{let a={name:e,deferredCount:0,queuedCount:0,readyCount:0,activeCount:0,failedCount:0,totalCount:0,completedDelta:null,failedDelta:null,createdDelta:null,deltaSeconds:null,deltaOn:null,waitBins:null,runBins:null,readyOldestSeconds:null,capturedOn:t?.capturedOn??new Date(this.config.clock.now())};for(let e of i?[...Gx,...qx]:Gx){let n=t?.[e];n!=null&&(a[e]=r?Number(n):n)}return i&&t?.deltaOn!=null&&(a.deltaOn=t.deltaOn),i&&(a.waitBins=Kx(t?.waitBins),a.runBins=Kx(t?.runBins),t?.readyOldestSeconds!=null&&(a.readyOldestSeconds=Number(t.readyOldestSeconds))),n&&(a.percentiles=n.map(e=>({p:e,waitSeconds:Xs(a.waitBins,e),runSeconds:Xs(a.runBins,e)}))),a};if(this.config.persistQueueStats){await this.getQueueCache(e);let{from:n=null,to:r=null,limit:a=1e3,bucketSeconds:o,maxDataPoints:s,aggregate:c=`max`}=t;if(g(Number.isInteger(a)&&a>=1&&a<=1e5,`getQueueStats: limit must be an integer between 1 and 100000`),o!==void 0||s!==void 0){g(c===`max`||c===`min`||c===`avg`,`getQueueStats: aggregate must be 'max', 'min', or 'avg'`);let t=o===void 0?`auto`:`bucket`,l=o??s;g(Number.isInteger(l)&&l>=1,`getQueueStats: ${t===`bucket`?`bucketSeconds`:`maxDataPoints`} must be a positive integer`);let u=ar(this.config.schema,c,t),{rows:d}=await this.db.executeSql(u,[e,n,r,a,l]);return d.map(e=>i(e,!0))}let l=rr(this.config.schema),{rows:u}=await this.db.executeSql(l,[e,n,r,a]);return u.map(e=>i(e,!0))}let a=nr(this.config.schema),{rows:o}=await this.db.executeSql(a,[e]),s=o.at(0);if(!s)throw Error(`Queue ${e} does not exist`);let c=(t.force?60:Math.max(3600,this.config.monitorIntervalSeconds??0,this.config.superviseIntervalSeconds??0))*1e3,l=s.cacheAgeMs==null?1/0:Number(s.cacheAgeMs);if(s.monitorBackoff===!0&&s.capturedOn!=null||l<=c)return[i(s)];let u=Yi(this.config.schema,s.table,e,{noAdvisoryLocks:this.config.noAdvisoryLocks,firstCapture:s.capturedOn==null}),{rows:d}=await this.db.executeSql(u);return[i(d.at(0)??s)]}async getJobById(e,t,n={}){A(e);let r=this.assertDb(n),{table:i}=await this.getQueueCache(e),a=aa(this.config.schema,i),o=await r.executeSql(a,[e,t]);return o?.rows?.length===1?this.#ue(o.rows)[0]:null}async findJobs(e,t={}){A(e);let{id:n,key:r,data:i,queued:a=!1,after:o}=t,s=Lo(`findJobs`,t.limit);Bo(`findJobs`,o,!0);let c=this.assertDb(t),{table:l}=await this.getQueueCache(e),u=ia(this.config.schema,l,{byId:n!==void 0,byKey:r!==void 0,byData:i!==void 0,queued:a,after:o!==void 0}),d=[e];if(n!==void 0&&d.push(n),r!==void 0&&d.push(r),i!==void 0&&d.push(JSON.stringify(i)),o!==void 0){let{rows:[t]}=await c.executeSql(ua(this.config.schema,l),[e,o]);g(t,`findJobs: after names a row that no longer exists`),d.push(t.createdOn,o)}d.push(s);let f=await c.executeSql(u,d);return this.#ue(f?.rows||[])}#ue(e){if(this.config.backend!==`cockroachdb`)return e;for(let t of e)for(let e of Ux)t[e]!==void 0&&t[e]!==null&&(t[e]=Number(t[e]));return e}async getDependencies(e,t,n={}){A(e);let r=Lo(`getDependencies`,n.limit),{after:i}=n;Vo(`getDependencies`,i,[`name`,`id`],`id`);let a=this.assertDb(n),o=sa(this.config.schema,i!==void 0),{rows:s}=await a.executeSql(o,i?[e,t,i.name,i.id,r]:[e,t,r]);return s.map(e=>({name:e.parentName,id:e.parentId}))}async getDependents(e,t,n={}){A(e);let r=Lo(`getDependents`,n.limit),{after:i}=n;Vo(`getDependents`,i,[`name`,`id`],`id`);let a=this.assertDb(n),o=ca(this.config.schema,i!==void 0),{rows:s}=await a.executeSql(o,i?[e,t,i.name,i.id,r]:[e,t,r]);return s.map(e=>({name:e.childName,id:e.childId}))}assertDb(e){return e.db?e.db:(this.db._pgbdb&&g(this.db.opened,`Database not opened. Call start() before using pg-boss, or again after stop().`),this.db)}};const eS={error:`error`,warning:`warning`},tS={SLOW_QUERY:{seconds:30,message:`Warning: slow query. Your queues and/or database server should be reviewed`},LARGE_QUEUE:{size:1e4,message:`Warning: large queue backlog`},XMIN_HORIZON:{message:`Warning: the database transaction horizon is pinned, so completed jobs cannot be cleaned up`},AUTOVACUUM_DISABLED:{message:`Warning: autovacuum is disabled, so nothing is reclaiming completed jobs`},MONITOR_BACKOFF:{message:`Warning: queue monitoring spent long enough scanning the job table to risk holding back autovacuum, so the next stats refresh is deferred`}},nS={SLOW_QUERY:`slow_query`,QUEUE_BACKLOG:`queue_backlog`,INDEX_BLOAT:`index_bloat`,XMIN_HORIZON:`xmin_horizon`,AUTOVACUUM_DISABLED:`autovacuum_disabled`,MONITOR_BACKOFF:`monitor_backoff`},rS={backends:`a backend holding an open transaction`,slots:`a replication slot`,slotsCatalog:`a replication slot (catalog xmin)`,standbys:`a standby with hot_standby_feedback enabled`,prepared:`a prepared transaction`};function iS(e){return e===`pgboss`||!!e?.startsWith(`pgboss:`)}function aS(e,t){return e?e===t||iS(e)&&iS(t):!1}function oS(e,t){let n=e===`backends`?t.backendHolder:null;if(!n)return rS[e];let r=n.applicationName||null,i=[r&&`application_name '${r}'`,n.userName&&`role ${n.userName}`,`pid ${n.pid}`].filter(Boolean).join(`, `),a=n.xactSeconds===null||n.xactSeconds===void 0?`for an unreadable length of time`:`for ${n.xactSeconds}s`;return`${r?r===t.selfApplicationName?`this application's own connection`:aS(r,t.selfApplicationName)?`another pg-boss instance's connection`:`another application`:`a backend with no application_name`} (${i}) has held a transaction open ${a}`}var sS=class extends h{#e;#t;#n;#r;#i;#a;#o;#s;#c;#l=null;#u=/* @__PURE__ */ new Set;#d=0;#f=!1;#p=!1;#m=/* @__PURE__ */ new Map;#h=null;#g=0;events=eS;constructor(e,t,n){super(),this.#i=e,this.#a=n,this.#o=t,this.#e=!0,this.#t=!1,this.#s=n.warningSlowQuerySeconds||tS.SLOW_QUERY.seconds,this.#c=n.warningQueueSize||tS.LARGE_QUEUE.size}get maintaining(){return!!this.#n}async start(){this.#e&&=(this.#t=!1,this.#a.supervise&&(this.#r=new Qs(this.#a.clock,this.#a.superviseIntervalSeconds,()=>this.#y()),this.#r.start()),!1)}async stop(){if(!this.#e)for(this.#t=!0,this.#r&&this.#r.stop(),this.#e=!0;this.#n;)await S(10)}get#_(){return{emitter:this,db:this.#i,schema:this.#a.schema,persistWarnings:this.#a.persistWarnings,warningEvent:eS.warning,errorEvent:eS.error}}async#v(e){typeof e==`string`&&(e={text:e,values:[]});let t=Date.now(),n=x(await this.#i.executeSql(e.text,e.values)),r=(Date.now()-t)/1e3;return(r>this.#s||this.#a.__test__warn_slow_query)&&await rx(this.#_,nS.SLOW_QUERY,tS.SLOW_QUERY.message,{elapsed:r,sql:e.text,values:e.values}),n}async#y(){if(!(this.#e||this.#n)){this.#n=!0;try{if(this.#a.__test__throw_maint)throw Error(this.#a.__test__throw_maint);this.#a.__test__delay_maint_ms&&await S(this.#a.__test__delay_maint_ms);let e=await this.#o.getQueues();!this.#e&&await this.#w(e,void 0,()=>this.#r?.anchor())}catch(e){this.emit(eS.error,e)}finally{this.#n=!1}}}async#b(){if(!this.#a.persistWarnings||!this.#a.warningRetentionDays)return;let e=qn(this.#a.schema,this.#a.warningRetentionDays);await this.#v(e)}async#x(){try{await this.#v(Ot(this.#a.schema,7)),await this.#v(_t(this.#a.schema,1e3))}catch(e){this.emit(eS.error,e)}}async#S(){let e=Zn(this.#a.schema);await this.#v(e)}async#C(){if(!this.#a.persistQueueStats||!this.#a.queueStatRetentionDays)return;let{schema:e,queueStatRetentionDays:t}=this.#a;if(this.#a.noTablePartitioning){let n=this.#a.__test__walk_batch_size;await this.#A(r=>er(e,t,{after:r,batchSize:n}))}else await this.#v(Qn(e,t))}async supervise(e,t){for(;this.#n;)await S(10);if(!this.#t){this.#n=!0;try{await this.#w(e,t)}finally{this.#n=!1}}}async#w(e,t,n){let r;r=Array.isArray(e)?e:await this.#o.getQueues(e),this.#a.persistQueueStats&&!this.#a.noTablePartitioning&&!this.#t&&await this.#S();let i=r.reduce((e,t)=>{let{table:n}=t;return e[n]=e[n]||{table:n,queues:[]},e[n].queues.push(t),e},{});for(let e of Object.values(i)){if(this.#t)return;let{table:t,queues:n}=e,r=n.map(e=>e.name);for(;r.length;){if(this.#t)return;let e=r.splice(0,100);await this.#T(t,e),await this.#O(t,e)}}n?.(),this.#t||(await this.#j(),await this.#M(),await this.#b(),await this.#C(),await this.#x(),await this.#B(Object.keys(i),t))}async#T(e,t){if(this.#t)return;let n=hn(this.#a.schema,t,this.#a.monitorIntervalSeconds,En(this.#a.backend,this.#a.noSkipLocked)),{rows:r}=await this.#v(n);if(!this.#t&&r.length){let t=r.map(e=>e.name);if(r[0].refreshStats!==!1){let n=Math.max(this.#a.monitorIntervalSeconds,this.#a.superviseIntervalSeconds),r=Ji(this.#a.schema,e,t,this.#a.noAdvisoryLocks,this.#a.persistQueueStats,{resetMax:Oi(n)}),i=Date.now(),{rows:a}=await this.#v(r),o=a.reduce((e,t)=>Math.max(e,Number(t.pinSeconds)||0),0);if(a.length&&(this.#g+=o||(Date.now()-i)/1e3),this.#a.persistQueueStats&&a.length){let t=a.map(e=>e.name),n=tr(this.#a.schema,t,this.#a.noAdvisoryLocks);await this.#v(n);let r=a.filter(e=>e.trueUp).map(e=>e.name);if(r.length&&!this.#t){let t=Date.now(),n=Ri(this.#a.schema,e,r,this.#a.noAdvisoryLocks),{rows:[i]}=await this.#v(n);i&&(this.#g+=Number(i.pinSeconds)||(Date.now()-t)/1e3)}}if(this.#t)return;let s=a.map(e=>({row:e,threshold:Number(e.warningQueueSize)||this.#c})).filter(({row:e,threshold:t})=>Number(e.queuedCount)>t);for(let{row:e,threshold:t}of s)await rx(this.#_,nS.QUEUE_BACKLOG,`${tS.LARGE_QUEUE.message}: queue "${e.name}" has ${Number(e.queuedCount)} jobs in the created or retry state, over its warning threshold of ${t}. Your queue should be reviewed`,e)}if(this.#t)return;let n=this.#a.__test__expiry_batch_size??1e3;if(await this.#E(n,()=>this.#a.noMultiMutationCte?this.#o.failJobsByTimeoutDistributed(e,t,n):this.#D(Pr(this.#a.schema,e,t,this.#a.noAdvisoryLocks,n))),this.#t)return;await this.#E(n,()=>this.#a.noMultiMutationCte?this.#o.failJobsByHeartbeatDistributed(e,t,n):this.#D(Fr(this.#a.schema,e,t,this.#a.noAdvisoryLocks,n)))}}async#E(e,t){for(;!this.#t;)if(await t()<e)return}async#D(e){let{rows:t}=await this.#v(e);return Number(t.find(e=>e.expiryPicked!==void 0)?.expiryPicked??0)}async#O(e,t){if(this.#t)return;let n=En(this.#a.backend,this.#a.noSkipLocked),r=_n(this.#a.schema,t,this.#a.maintenanceIntervalSeconds,n),{rows:i}=await this.#v(r),a=i.map(e=>e.name),o=i[0]?.claimedOn,s=0;try{for(;s<a.length&&await this.#k(e,a[s]);)s++}finally{if(s<a.length)try{await this.#v(vn(this.#a.schema,a.slice(s),o,n))}catch(e){this.emit(eS.error,e)}}}async#k(e,t){if(this.#t)return!1;let{schema:n,noAdvisoryLocks:r,backend:i}=this.#a,a=this.#a.__test__walk_batch_size,{rows:[{time:o}]}=await this.#v(Gn(n)),s=Number(o)-1e4,c={retained:0,deleted:0,deletedRetained:0},l=!1;try{l=await this.#A(o=>hi(n,e,t,{after:o,batchSize:a,backend:i,noAdvisoryLocks:r,retainedBefore:s}),c)}finally{if(!l&&c.deleted)try{await this.#v({text:Si(n),values:[t,c.deletedRetained,c.deleted]})}catch(e){this.emit(eS.error,e)}}l&&await this.#v({text:xi(n,e),values:[t,c.retained,s]});let u=await this.#A(o=>la(n,e,t,`child`,{after:o,batchSize:a,backend:i,noAdvisoryLocks:r})),d=await this.#A(o=>la(n,e,t,`parent`,{after:o,batchSize:a,backend:i,noAdvisoryLocks:r}));return l&&u&&d}async#A(e,t){let n;for(;!this.#t;){let{rows:r}=await this.#v(e(n)),i=r.find(e=>e.walkCursor!==void 0);if(g(i,`maintenance batch returned no result row: a custom db must return the rows of every statement in a multi-statement query`),t&&(t.retained+=Number(i.retained??0),t.deleted+=Number(i.deleted??0),t.deletedRetained+=Number(i.deletedRetained??0)),!i.walkCursor)return!0;n=i.walkCursor}return!1}async#j(){let e=this.#a.__test__monitor_stats_seconds??this.#g;if(this.#g=0,!e||this.#a.monitorVacuum===!1||this.#a.noMonitorVacuum)return;let{rows:t}=await this.#v(gn(this.#a.schema,e)),n=t.at(0);n&&await rx(this.#_,nS.MONITOR_BACKOFF,`${tS.MONITOR_BACKOFF.message}: ${e.toFixed(1)}s of aggregate against an autovacuum_naptime of ${Number(n.naptimeSeconds)}s. Shrink the job table (retention, deleteAfterSeconds) or partition its busiest queues.`,{elapsedSeconds:e,naptimeSeconds:Number(n.naptimeSeconds),backoffSeconds:Number(n.backoffSeconds),backoffUntil:n.backoffUntil})}async#M(){if(this.#t||this.#a.monitorVacuum===!1||this.#a.noMonitorVacuum)return;let{rows:e}=await this.#v($a(this.#a.schema));if(this.#t)return;let t=[],n=[],r=!1,i=!1,a=new Set(e.map(e=>e.name));for(let e of this.#m.keys())a.has(e)||this.#m.delete(e);for(let a of e){let e=a.name,o=Number(a.liveTuples),s=Number(a.deadTuples),c=Number(a.threshold)+Number(a.scaleFactor)*o,l=a.autovacuumEnabled===!1,u=a.lastVacuum==null?0:Number(a.lastVacuum);if(s<=c){this.#m.delete(e);continue}l?i=!0:r=!0;let d=this.#m.get(e);if(this.#m.set(e,{deadTuples:s,lastVacuum:u}),!d)continue;let f={name:e,liveTuples:o,deadTuples:s,budget:c,vacuumAgeSeconds:a.vacuumAgeSeconds===null?null:Number(a.vacuumAgeSeconds),lastVacuum:u};l?u===d.lastVacuum&&s>d.deadTuples&&n.push(f):u>d.lastVacuum&&s>=d.deadTuples&&t.push(f)}r||(this.#f=!1),i||(this.#p=!1),await this.#N(n),await this.#P(t)}async#N(e){if(!e.length||this.#p||this.#t)return;this.#p=!0;let t=e.reduce((e,t)=>t.deadTuples>e.deadTuples?t:e),n=t.vacuumAgeSeconds===null?`has never been vacuumed`:`was last vacuumed ${t.vacuumAgeSeconds}s ago`;await rx(this.#_,nS.AUTOVACUUM_DISABLED,`${tS.AUTOVACUUM_DISABLED.message}: ${t.name} has autovacuum_enabled = false, holds ${t.deadTuples} dead rows and is still growing, and ${n} (Postgres would vacuum this table at ${Math.round(t.budget)})`,{table:t.name,tables:e.map(e=>e.name),liveTuples:t.liveTuples,deadTuples:t.deadTuples,budget:Math.round(t.budget),vacuumAgeSeconds:t.vacuumAgeSeconds})}async#P(e){if(!e.length||this.#f||this.#t)return;let t=new Date(Math.max(...e.map(e=>e.lastVacuum))),n=await this.#I(t);if(!n||this.#t)return;let r=this.#F(n.row);if(!r)return;this.#f=!0;let i=e.reduce((e,t)=>t.deadTuples>e.deadTuples?t:e),a=Number(n.row.oldestTransactionSeconds),o=r.source===`backends`?n.row.backendHolder??null:null,s=Number(n.row.opaqueBackends)||0,c=s&&!o?` ${s} backend(s) could not be inspected by this role; GRANT pg_read_all_stats to name them.`:``;await rx(this.#_,nS.XMIN_HORIZON,`${tS.XMIN_HORIZON.message}: ${oS(r.source,n.row)}, holding it ${r.age} transactions back. ${i.name} has ${i.deadTuples} dead rows that a vacuum ${i.vacuumAgeSeconds}s ago could not reclaim (Postgres vacuums this table at ${Math.round(i.budget)}).${c}`,{source:r.source,holder:oS(r.source,n.row),holderClass:rS[r.source],holderPid:o?.pid??null,holderApplicationName:o?.applicationName??null,holderUserName:o?.userName??null,holderState:o?.state??null,holderTransactionSeconds:o?.xactSeconds??null,self:o?aS(o.applicationName||null,n.row.selfApplicationName):null,opaqueBackends:s,transactions:r.age,table:i.name,liveTuples:i.liveTuples,deadTuples:i.deadTuples,budget:Math.round(i.budget),vacuumAgeSeconds:i.vacuumAgeSeconds,tables:e.map(e=>e.name),oldestTransactionSeconds:Number.isFinite(a)?a:null,unreadableSources:n.unreadable})}#F(e){let t=null;for(let n of Object.keys(rS)){let r=e[n],i=r==null?NaN:Number(r);Number.isFinite(i)&&(!t||i>t.age)&&(t={source:n,age:i})}return t}async#I(e){let t=this.#h??Za;if(!t.length)return null;try{let{rows:n}=await this.#v(Qa(e,t)),r=Za.filter(e=>!t.includes(e));return{row:n[0]??{},unreadable:r}}catch(n){let r=await this.#L(t,e);return this.#h=r,r.length||await rx(this.#_,nS.XMIN_HORIZON,`Unable to read the transaction horizon; the xmin_horizon check is disabled for this instance.`,{type:nS.XMIN_HORIZON,instance:this.#o.instanceId,error:n?.message}),null}}async#L(e,t){let n=[];for(let r of e)try{await this.#v(Qa(t,[r])),n.push(r)}catch{}return n}async#R(e){return x(await this.#i.executeSql(e))}#z(e){let t=e&&`reindex`in e?e.reindex:this.#a.reindex;return t===!1?null:t===!0||t===void 0?{}:t}async#B(e,t){if(this.#t||this.#a.noReindex)return;let n=this.#z(t),r=!!n?.force,i=n!==null&&!this.#l;if(!r){if(i){let e=Sn(this.#a.schema,this.#a.reindexIntervalSeconds),{rows:t}=await this.#v(e);if(!t.length)return}else{if(this.#a.clock.now()<this.#d)return;this.#d=this.#a.clock.now()+this.#a.reindexIntervalSeconds*1e3}}if(this.#t)return;let a=e.length?e:void 0,o=Ka(this.#a.schema,a,n??void 0),{rows:s}=await this.#v(o),c=[];if(i){let e=n.maxIndexBytes??Ha.maxIndexBytes;c=(r?(await this.#v(qa(this.#a.schema,a))).rows:s).filter(t=>t.owned&&Number(t.bytes)<=e),c.length&&await this.#V(a)}let l=/* @__PURE__ */ new Set,u=/* @__PURE__ */ new Map;for(let e of c){if(this.#t)return;try{await this.#R(eo(this.#a.schema,e.name)),l.add(e.name)}catch(t){if(t?.code===`25001`){this.#l=t.message,u.set(e.name,this.#l);break}u.set(e.name,t.message)}}await this.#H(s,l,u,i)}async#V(e){try{let{rows:t}=await this.#v(Ja(this.#a.schema,e,this.#a.noIndexProgressView));for(let e of t){if(this.#t)return;await this.#R(to(this.#a.schema,e.name))}}catch(e){this.emit(eS.error,e)}}async#H(e,t,n,r){let i=/* @__PURE__ */ new Set;for(let a of e){if(t.has(a.name)||(i.add(a.name),this.#u.has(a.name)))continue;let e=n.get(a.name)??(a.owned?this.#l??(r?`the index is larger than maxIndexBytes`:`automatic reindexing is disabled`):`the connected role does not own the index`);await rx(this.#_,nS.INDEX_BLOAT,`Warning: index "${a.name}" is bloated (${Math.round(Number(a.bytes)/1024/1024)} MB across ${a.pages} pages for ~${a.entries} live entries) and was not rebuilt: ${e}. See getReindexCommands()`,a)}this.#u=i}async getReindexCommands(e){if(this.#a.noReindex)return[];let t=this.#a.schema,n=e?.force?qa(t):Ka(t,void 0,e),{rows:r}=await this.#v(n),i=e?.maxIndexBytes===void 0?r:r.filter(t=>Number(t.bytes)<=e.maxIndexBytes);if(!i.length)return[];let{rows:a}=await this.#v(Ja(t,void 0,this.#a.noIndexProgressView,!0));return no(t,i,a)}};const cS={error:`error`,bam:`bam`};var lS=class extends h{#e;#t;#n;#r;#i;#a;events=cS;constructor(e,t){super(),this.#i=e,this.#a=t,this.#e=!0,this.#t=!1}get working(){return this.#t}async start(){this.#e&&(this.#e=!1,this.#n=new Qs(this.#a.clock,this.#a.bamIntervalSeconds,()=>this.#l()),setImmediate(()=>this.#l()),this.#n.start())}async stop(e){if(this.#e)return;this.#e=!0,this.#n.stop(),this.#n=void 0;let t=!1;e?.then(()=>{t=!0});let n=0;for(;this.#t;){let e=this.#r;t&&e&&(e.stopped=!0,!e.ended&&e.ending!==`wait`&&Date.now()-n>=1e3&&(n=Date.now(),await this.#o(e))),await S(10)}}async#o(e){if(e.ending===`abandon`||e.ending===`drop`)e.abort.abort(),e.ended=!0;else{e.abort.abort();try{let{rows:t}=await this.#i.executeSql(ba(e.id));t.some(e=>e.cancelled)&&(e.ended=!0)}catch(t){e.ending=`wait`,this.emit(cS.error,t)}}}async#s(e,t){e.stopped&&this.#c(e);let n=this.#a.backend===`cockroachdb`;e.ending=this.#i instanceof Js?n?`drop`:!this.#a.noIndexProgressView&&va(t)?`abandon`:`cancel`:n?`wait`:`cancel`;let r=n?t:`${ya(e.id)}\n${t}`;try{let t=this.#i instanceof Js?await this.#i.executeSql(r,void 0,e.ending===`cancel`?{retire:e.abort.signal}:{signal:e.abort.signal}):await this.#i.executeSql(r);return e.ending=`wait`,t}catch(t){throw e.abort.signal.aborted&&t===e.abort.signal.reason&&this.#c(e),t}}#c(e){throw e.ending=`wait`,e.ended=!0,Error(`stop() ended the command before it ran`)}async#l(){if(!(this.#e||this.#t||!this.#a.migrate)){this.#t=!0;try{if(this.#a.__test__throw_bam)throw Error(this.#a.__test__throw_bam);this.#a.__test__delay_bam_ms&&await S(this.#a.__test__delay_bam_ms);let e=bn(this.#a.schema,this.#a.bamIntervalSeconds),{rows:t}=await this.#i.executeSql(e);this.#n?.anchor(),t.length===1&&await this.#u()}catch(e){this.emit(cS.error,e)}finally{this.#t=!1}}}async#u(){let e=!1;for(;!this.#e&&await this.#d(e);)e=!0}async#d(e){let t=await this.#f(e);if(!t)return!1;if(this.#a.__test__delay_bam_claim_ms&&await S(this.#a.__test__delay_bam_claim_ms),this.#e){try{await this.#p(t)}catch(e){this.emit(cS.error,e)}return!1}let n={id:t.id,stopped:!1,ended:!1,ending:`wait`,abort:new AbortController};this.#r=n,this.emit(cS.bam,{id:t.id,name:t.name,status:`in_progress`,queue:t.queue,table:t.table});let r=!1;try{let e=!1,i=ha(this.#a.schema,t.command);if(t.reattempt&&i){let{rows:r}=await this.#i.executeSql(i);r[0]?.invalid?this.#a.noIndexProgressView||await this.#s(n,ma(this.#a.schema,t.command)):r[0]&&(e=!0)}if(!e&&(await this.#s(n,t.command),i)){let{rows:e}=await this.#i.executeSql(i);if(!e[0]||e[0].invalid&&!this.#a.noIndexProgressView){r=!e[0]&&this.#a.backend===`cockroachdb`;let n=Oa(t.command);throw Error(e[0]?`index ${n} is invalid after the build`:`index ${n} does not exist after the build. An earlier build of it may still be running.`)}}await this.#m(t.id),this.emit(cS.bam,{id:t.id,name:t.name,status:`completed`,queue:t.queue,table:t.table})}catch(e){if(n.ended&&n.ending===`abandon`)return!0;try{await this.#h(t.id,e)}catch(e){this.emit(cS.error,e)}!n.ended&&!r&&this.emit(cS.error,e),this.emit(cS.bam,{id:t.id,name:t.name,status:`failed`,queue:t.queue,table:t.table,error:String(e)})}finally{this.#r=void 0}return!0}async#f(e){let t=fa(this.#a.schema,{useLiveness:!this.#a.noIndexProgressView,pendingOnly:e,noAdvisoryLocks:this.#a.noAdvisoryLocks}),{rows:n}=x(await this.#i.executeSql(t));return g(this.#a.noAdvisoryLocks||n.some(e=>e&&`pg_advisory_xact_lock`in e),`bam claim returned no lock row: a custom db must return the rows of every statement in a multi-statement query`),n.find(e=>e?.claimedStartedOn!==void 0)??null}async#p(e){let t=ga(this.#a.schema,e.id,e.priorStatus,e.priorStartedOn??null,e.claimedStartedOn);await this.#i.executeSql(t)}async#m(e){let t=_a(this.#a.schema,e);await this.#i.executeSql(t)}async#h(e,t){let n=xa(this.#a.schema,e,String(t));await this.#i.executeSql(n)}};const uS={error:`error`,flow:`flow`};var dS=class extends h{#e;#t;#n;#r;#i;#a;#o;events=uS;constructor(e,t,n){super(),this.#i=e,this.#a=t,this.#o=n,this.#e=!0,this.#t=!1,this.#n=!1}get working(){return this.#n}async start(){this.#e&&(this.#e=!1,this.#t=!1,this.#o.supervise&&(this.#r=new Qs(this.#o.clock,this.#o.flowIntervalSeconds,()=>this.#s()),setImmediate(()=>this.#s()),this.#r.start()))}async stop(){if(!this.#e)for(this.#t=!0,this.#e=!0,this.#r&&=(this.#r.stop(),void 0);this.#n;)await S(10)}async#s(){if(!(this.#e||this.#n)){this.#n=!0;try{if(this.#o.__test__throw_flow)throw Error(this.#o.__test__throw_flow);this.#o.__test__delay_flow_ms&&await S(this.#o.__test__delay_flow_ms);let e=xn(this.#o.schema,this.#o.flowIntervalSeconds),{rows:t}=await this.#i.executeSql(e);this.#r?.anchor(),t.length===1&&await this.#c()}catch(e){this.emit(uS.error,e)}finally{this.#n=!1}}}async resolveNow(){for(;this.#n;)await S(10);if(!this.#t){this.#n=!0;try{await this.#c()}finally{this.#n=!1}}}async#c(){let e=(await this.#a.getQueues()).reduce((e,t)=>(e[t.table]=e[t.table]||{table:t.table,names:[]},e[t.table].names.push(t.name),e),{});for(let t of Object.values(e)){if(this.#t)return;let{table:e}=t,n=[...t.names];for(;n.length;){if(this.#t)return;let t=n.splice(0,100),r=0,i=0;do{if(this.#t)return;i=this.#o.noMultiMutationCte?await this.#a.resolveFlowJobsDistributed(e,t):await this.#l(e,t),i>0&&this.emit(uS.flow,{table:e,resolved:i})}while(i>=1e3&&++r<100&&!this.#t)}}}async#l(e,t){let n=Qr(this.#o.schema,e,t),{rows:r}=await this.#i.executeSql(n.text,n.values);return Number(r[0]?.resolved??0)}};const fS={error:`error`,warning:`warning`},pS=`listen_notify_unavailable`;var mS=class extends h{events=fS;#e;#t;#n;#r=null;#i=!0;constructor(e,t,n){super(),this.#e=e,this.#t=t,this.#n=n}get available(){return this.#r!==null}async start(){if(this.#i){if(this.#i=!1,this.#n.noListenNotify)this.emit(fS.warning,{message:`useListenNotify is not supported on the ${this.#n.backend} backend. Continuing with polling only.`,data:{type:pS,backend:this.#n.backend}});else if(typeof this.#e.listen!=`function`)this.emit(fS.warning,{message:`useListenNotify is enabled but the database connection does not support LISTEN/NOTIFY. Continuing with polling only.`,data:{type:pS}});else try{let{rows:e}=await this.#e.executeSql(`SELECT ${Wt(this.#n.schema)} AS channel`),t=e[0].channel;this.#r=await this.#e.listen(t,e=>this.#t.notifyQueue(e),()=>this.#t.forceFetchLnWorkers())}catch(e){await rx({emitter:this,db:this.#e,schema:this.#n.schema,persistWarnings:this.#n.persistWarnings,warningEvent:fS.warning,errorEvent:fS.error},pS,`Failed to start LISTEN/NOTIFY listener. Continuing with polling only.`,{type:pS,instance:this.#t.instanceId,error:e?.message})}}}async stop(){if(!this.#i&&(this.#i=!0,this.#r)){try{await this.#r.close()}catch(e){this.emit(fS.error,e)}this.#r=null}}};const hS=2**60,gS=e=>e.replace(/\\([0-7]{3})/g,(e,t)=>String.fromCharCode(parseInt(t,8)));function _S(e){let t=[];for(let n of e.split(`
`)){let e=n.indexOf(` - `);if(e<0)continue;let r=n.slice(0,e).split(` `),i=n.slice(e+3).split(` `);r.length<5||i.length<3||t.push({root:gS(r[3]),mountPoint:gS(r[4]),fsType:i[0],superOptions:i[2].split(`,`)})}return t}function vS(e,t,n){let r=n;t.root!==`/`&&(r=n===t.root||n.startsWith(t.root+`/`)?n.slice(t.root.length):``);let i=e+t.mountPoint,a=r.split(`/`).filter(Boolean),o=[];for(let e=a.length;e>=0;e--)o.push([i,...a.slice(0,e)].join(`/`));return{dirs:o}}async function yS(e=``){let t;try{t=await m(e+`/proc/self/cgroup`,`utf8`)}catch{return null}let n=t.split(`
`).filter(Boolean).map(e=>{let[t,n,...r]=e.split(`:`);return{id:t,controllers:n?n.split(`,`):[],path:r.join(`:`)}}),r;try{r=_S(await m(e+`/proc/self/mountinfo`,`utf8`))}catch{r=n.map(e=>e.controllers.length?{root:`/`,mountPoint:`/sys/fs/cgroup/`+e.controllers.join(`,`),fsType:`cgroup`,superOptions:e.controllers}:{root:`/`,mountPoint:`/sys/fs/cgroup`,fsType:`cgroup2`,superOptions:[]})}let i=t=>{let i=n.find(e=>e.controllers.includes(t)),a=r.find(e=>e.fsType===`cgroup`&&e.superOptions.includes(t));return i&&a?vS(e,a,i.path):null},a=i(`cpu`),o=i(`memory`);if(a||o)return{version:1,cpu:a,memory:o};let s=n.find(e=>e.id===`0`&&e.controllers.length===0),c=r.find(e=>e.fsType===`cgroup2`);if(s&&c){let t=vS(e,c,s.path);return{version:2,cpu:t,memory:t}}return null}async function bS(e){try{return(await m(e,`utf8`)).trim()}catch{return null}}function xS(e,t){if(!e)return null;let n=RegExp(`^${t} (\\d+)$`,`m`).exec(e);return n?Number(n[1]):null}async function SS(e){if(!e.cpu)return null;let t=null;for(let n of e.cpu.dirs){let r=null;if(e.version===2){let[e,t]=(await bS(n+`/cpu.max`))?.split(` `)??[];e&&e!==`max`&&Number(t)>0&&(r=Number(e)/Number(t))}else{let e=Number(await bS(n+`/cpu.cfs_quota_us`)),t=Number(await bS(n+`/cpu.cfs_period_us`));e>0&&t>0&&(r=e/t)}r!==null&&r>0&&(!t||r<t.value)&&(t={value:r,dir:n})}return t}async function CS(e){if(!e.memory)return null;let t=null;for(let n of e.memory.dirs){let r=await bS(n+(e.version===2?`/memory.max`:`/memory.limit_in_bytes`));if(!r||r===`max`)continue;let i=Number(r);!(i>0)||i>=hS||(!t||i<t.value)&&(t={value:i,dir:n})}return t}async function wS(e,t){let n=Number(await bS(t+(e.version===2?`/memory.current`:`/memory.usage_in_bytes`))??NaN);if(!(n>=0))return null;let r=xS(await bS(t+`/memory.stat`),e.version===2?`inactive_file`:`total_inactive_file`)??0;return Math.max(0,n-r)}function TS(e){let t=0;for(let n of e.split(`,`)){let e=/^(\d+)(?:-(\d+))?$/.exec(n.trim());if(!e)return null;t+=e[2]===void 0?1:Number(e[2])-Number(e[1])+1}return t>0?t:null}async function ES(e){let t=await bS(e+`/proc/self/status`),n=t&&/^Cpus_allowed_list:\s*(\S+)$/m.exec(t)?.[1];return(n?TS(n):null)??f.availableParallelism()}const DS=(e,t)=>Math.round(e*10**t)/10**t;var OS=class{#e;#t=null;#n=null;#r=null;#i=null;#a=null;#o=null;constructor(e=``){this.#e=e}start(){this.#t=yS(this.#e).catch(()=>null);try{this.#n=y({resolution:20}),this.#n.enable()}catch{this.#n=null}this.#i=null,this.#a=null,this.#r=null,this.#o=null}stop(){this.#n?.disable(),this.#n=null}async check(){let e=this.#a===null,t=process.hrtime.bigint(),n=process.cpuUsage(),r=e?0:Number(t-this.#a)/1e3,i=!e&&this.#i&&r>0?(n.user-this.#i.user+(n.system-this.#i.system))/r:null;this.#i=n,this.#a=t;let a=null,o=null;this.#n&&(!e&&this.#n.count>0&&(a=Math.max(0,this.#n.percentile(99)/1e6-20),o=Math.max(0,this.#n.max/1e6-20)),this.#n.reset());let s=null;try{let t=ee.eventLoopUtilization();if(t.idle===0&&t.active===0)throw Error(`unsupported`);!e&&this.#r&&(s=ee.eventLoopUtilization(t,this.#r).utilization),this.#r=t}catch{}let c=null,l=null;try{let e=ne.getHeapStatistics();c=e.used_heap_size,l=e.heap_size_limit}catch{}let u=null;try{u=process.memoryUsage.rss()}catch{}let d=await this.#t,p=d?await SS(d):null,m=d?await CS(d):null,h=await ES(this.#e);return{cgroup:d?.version??null,cpu:i===null?null:DS(i,3),cpuLimit:DS(p?Math.min(p.value,h):h,3),cpuThrottled:d&&p?await this.#s(d,p.dir):null,rss:u,heapUsed:c,heapLimit:l,memoryUsed:d&&m?await wS(d,m.dir):null,memoryLimit:m?m.value:f.totalmem(),loopDelay:a===null?null:DS(a,1),loopDelayMax:o===null?null:DS(o,1),loopUtilization:s===null?null:DS(s,3)}}async#s(e,t){let n=await bS(t+`/cpu.stat`),r=xS(n,`nr_periods`),i=xS(n,`nr_throttled`);if(r===null||i===null)return null;let a=this.#o;if(this.#o={dir:t,periods:r,throttled:i},!a||a.dir!==t)return null;let o=r-a.periods;return o>0?DS((i-a.throttled)/o,3):0}};const kS={error:`error`},AS=/* @__PURE__ */ `backend.max.useListenNotify.instanceHeartbeatSeconds.supervise.schedule.migrate.createSchema.superviseIntervalSeconds.maintenanceIntervalSeconds.monitorIntervalSeconds.queueCacheIntervalSeconds.bamIntervalSeconds.flowIntervalSeconds.reindex.reindexIntervalSeconds.monitorVacuum.clockMonitorIntervalSeconds.cronMonitorIntervalSeconds.cronWorkerIntervalSeconds.persistWarnings.warningRetentionDays.persistQueueStats.queueStatRetentionDays.warningSlowQuerySeconds.warningQueueSize`.split(`.`),jS=[`includeMetadata`,`ignoreStartAfter`,`minPriority`,`maxPriority`,`localGroupConcurrency`,`groupConcurrency`,`heartbeatRefreshSeconds`,`perJobResults`,`transactional`,`transactionTimeoutSeconds`,`notifyPollingIntervalSeconds`,`burstWhenReadyExceeds`,`burstWhenBatchFull`];var MS=class extends h{id;#e;#t;#n;#r;#i=null;#a=null;#o=new OS;#s;#c=!1;#l=1;events=kS;constructor(e,t,n,r){super(),this.id=e,this.#e=t,this.#t=n,this.#n=r}async start(e=1){if(!(!this.#n.registerInstance||this.#r)){this.#l=e,this.#c=!0,this.#o.start();try{let{rows:e}=await this.#e.executeSql(Tt(this.#n.schema),await this.#f());this.#a=e[0]?.startedOn??null,await this.#u(),await this.#e.executeSql(gt(this.#n.schema,20),[this.id,this.#n.instanceName??null,f.hostname()])}catch(e){this.emit(kS.error,e)}this.#r=this.#n.clock.setInterval(()=>{this.#d()},this.#n.instanceHeartbeatSeconds*1e3)}}async stop(){if(this.#r){this.#c=!1,this.#n.clock.clearInterval(this.#r),this.#r=void 0,this.#s!==void 0&&(this.#n.clock.clearTimeout(this.#s),this.#s=void 0),await this.#i,this.#o.stop();try{await this.#e.executeSql(Dt(this.#n.schema),[this.id])}catch{}}}async getInstances(e,t){let n=kt(this.#n.schema,t!==void 0),{rows:r}=await this.#e.executeSql(n,t===void 0?[e]:[t,e]);if(t!==void 0&&r.length===0){let{rows:e}=await this.#e.executeSql(At(this.#n.schema),[t]);g(e.length>0,`getInstances: after names a row that no longer exists`)}let i=e=>e==null?null:Number(e);return r.map(e=>({...e,pid:Number(e.pid),heartbeatSeconds:Number(e.heartbeatSeconds),poolMax:i(e.poolMax),poolTotal:i(e.poolTotal),poolIdle:i(e.poolIdle),poolWaiting:i(e.poolWaiting),workers:typeof e.workers==`string`?JSON.parse(e.workers):e.workers,metrics:typeof e.metrics==`string`?JSON.parse(e.metrics):e.metrics,config:typeof e.config==`string`?JSON.parse(e.config):e.config,crashRestarts:Number(e.crashRestarts)}))}async#u(){let e=this.#n.clock,t=/* @__PURE__ */ new Date(e.now()-process.uptime()*1e3),n=[this.id,this.#n.instanceName??null,f.hostname(),process.pid,t];await this.#e.executeSql(bt(this.#n.schema),n);let{rows:r}=await this.#e.executeSql(xt(this.#n.schema),n),i=r[0]?.recountAt?new Date(r[0].recountAt).getTime():null;i!==null&&this.#c&&(this.#s=e.setTimeout(()=>{this.#s=void 0,this.#u().catch(e=>this.emit(kS.error,e))},Math.max(1e3,i-e.now()+1e3)))}#d(){this.#i||=(async()=>{try{await this.#e.executeSql(Et(this.#n.schema),[...await this.#f(),this.#a])}catch(e){this.emit(kS.error,e)}finally{this.#i=null}})()}async#f(){let e=this.#n,t=typeof this.#e.poolCounts==`function`?this.#e.poolCounts():null;return[this.id,e.instanceName??null,f.hostname(),process.pid,vs,process.version,e.instanceHeartbeatSeconds,!!e.supervise,!!e.schedule,!!e.migrate,!!e.persistQueueStats,!!e.persistWarnings,t?.max??null,t?.total??null,t?.idle??null,t?.waiting??null,JSON.stringify(this.#m()),JSON.stringify(await this.#o.check()),JSON.stringify(this.#p())]}#p(){let e={adapter:this.#n.db?`custom`:`pg`};for(let t of AS){let n=this.#n[t];n!==void 0&&(e[t]=n)}return this.#l>1&&(e.startAttempt=this.#l),e}#m(){let e=/* @__PURE__ */ new Map,t=(e,t)=>{if(t===null)return e;let n=new Date(t).toISOString();return e===null||n>e?n:e};for(let n of this.#t.getWipData()){let r=e.get(n.workId);if(!r){r={id:n.workId,queue:n.name,localConcurrency:0,batchSize:n.options.batchSize??1,pollingIntervalSeconds:n.options.pollingIntervalSeconds??null,active:0,lastFetchedOn:null,lastJobEndedOn:null,lastErrorOn:null,options:{}};for(let e of jS){let t=n.options[e];t!==void 0&&(r.options[e]=t)}e.set(n.workId,r)}r.localConcurrency++,r.active+=n.count,r.lastFetchedOn=t(r.lastFetchedOn,n.lastFetchedOn),r.lastJobEndedOn=t(r.lastJobEndedOn,n.lastJobEndedOn),r.lastErrorOn=t(r.lastErrorOn,n.lastErrorOn)}return[...e.values()]}};const NS=Object.freeze({error:`error`,warning:`warning`,wip:`wip`,stopped:`stopped`,bam:`bam`,flow:`flow`});var PS=class extends h{#e;#t;#n=null;#r=null;#i=null;#a=null;#o;#s;#c;#l;#u;#d;#f;#p;#m;#h;#g;constructor(e){super(),this.#e=!0;let t=Eo(e);this.#s=t;let n=p();t.registerInstance&&!t.db&&!t.application_name&&(t.application_name=`pgboss:${n.slice(0,8)}`);let r=this.getDb();if(io(t.clock)){let e=Ks(r);r=e.db,this.#o=e.idle}this.#c=r,`_pgbdb`in this.#c&&this.#c._pgbdb&&this.#_(this.#c);let i=new Cs(r,t),a=new $x(r,t,n),o=new sS(r,a,t),s=new bx(r,a,t);a.timekeeper=s;let c=new lS(r,t),l=new dS(r,a,t),u=new mS(r,a,t);a.notifier=u;let d=new MS(n,r,a,t);this.#_(a),this.#_(o),this.#_(s),this.#_(c),this.#_(l),this.#_(u),this.#_(d),this.#l=o,this.#u=i,this.#d=a,this.#f=s,this.#p=c,this.#m=l,this.#h=u,this.#g=d}#_(e){for(let t of Object.values(e?.events))e.on(t,e=>this.emit(t,e))}async start(e={}){let{attempts:t=1}=e;if(g(Number.isInteger(t)&&t>=1,`start() attempts must be an integer of 1 or more`),this.#i&&await this.#i.catch(()=>{}),this.#n)return this.#n;if(this.#t)return this;this.#e=!1,this.#n=this.#v(t);try{return await this.#n}finally{this.#n=null}}async#v(e){let t={cancelled:!1,wait:null};this.#r=t;try{for(let n=1;;n++)try{return await this.#y(n)}catch(r){if(n>=e||t.cancelled||r instanceof _)throw r;let i=Math.min(2**(n-1),30);if(n===1&&this.emit(NS.warning,{message:`start() failed and will try again, up to ${e-1} more times: ${r?.message}`,data:{type:`start_retry`,attempts:e,error:r?.message}}),t.wait=S(i*1e3),await t.wait,t.wait=null,t.cancelled)throw r}}finally{this.#r=null}}async#y(e=1){return io(this.#s.clock)&&(g(typeof this.#c.setSessionStatements==`function`,`configuration assert: this db adapter does not implement setSessionStatements(), so a TestClock cannot reach every session it opens. Implement it to run the given statements on each new connection (or once, if the adapter has a single session).`),await this.#c.setSessionStatements([tt()])),this.#c._pgbdb&&!this.#c.opened&&await this.#c.open(),await this.#b(),this.#s.migrate?await this.#u.start():await this.#u.check(),io(this.#s.clock)&&(this.#a=await this.#s.clock.attach({db:this.#c,schema:this.#s.schema,idle:this.#o})),await this.#d.start(),this.#s.useListenNotify&&await this.#h.start(),await this.#l.start(),await this.#m.start(),this.#s.schedule&&await this.#f.start(),this.#s.migrate&&await this.#p.start(),await this.#g.start(e),this.#t=!0,this}async#b(){try{let{rows:e}=await this.#c.executeSql(`SELECT version()`),t=e?.[0]?.version||``;/yugabyte|-yb-/i.test(t)&&(this.#s.noTablePartitioning&&this.#s.noAdvisoryLocks||this.emit(NS.warning,{message:`YugabyteDB detected. YugabyteDB is not supported. Until the next major, backend: 'yugabytedb' avoids the table partitioning and advisory locks that fail there.`,data:{backend:`yugabytedb`}}))}catch{}}async stop(e={}){if(this.#r&&(this.#r.cancelled=!0,this.#r.wait?.abort()),this.#n&&await this.#n.catch(()=>{}),this.#i)return this.#i;let{close:t=!0,graceful:n=!0,timeout:r=3e4}=e;if(this.#e&&t&&this.#c._pgbdb&&this.#c.opened){this.#i=this.#S();try{return await this.#i}finally{this.#i=null}}if(!this.#e){r=Math.max(r,1e3),this.#i=this.#x(t,n,r);try{return await this.#i}finally{this.#i=null}}}async#x(e,t,n){let r,i=t?new Promise(e=>{r=setTimeout(e,n)}):Promise.resolve();try{await this.#h.stop(),await this.#d.stop(),await this.#f.stop(),await this.#l.stop(),await this.#m.stop(),await this.#p.stop(i)}finally{clearTimeout(r)}let a=async()=>{await this.#d.failWip(),await this.#d.settleCleanups(),await this.#g.stop();let t=this.#a;this.#a=null;try{t&&await t[Symbol.asyncDispose]()}finally{io(this.#s.clock)&&await this.#c.setSessionStatements?.([])}e&&await this.#S(),this.#e=!0,this.#t=!1,this.emit(NS.stopped)};if(!t){await a();return}let o,s=new Promise(e=>{o=setTimeout(e,n)});try{await Promise.race([this.#d.settleCleanups(),s])}finally{clearTimeout(o)}await a()}async#S(){this.#c._pgbdb&&this.#c.opened&&(await this.#c.close(),await S(10))}async send(...e){return await this.#d.send(...e)}async sendAfter(e,t,n,r){return this.#d.sendAfter(e,t,n,r)}sendThrottled(e,t,n,r,i){return this.#d.sendThrottled(e,t,n,r,i)}update(...e){return this.#d.update(...e)}upsert(...e){return this.#d.upsert(...e)}sendDebounced(e,t,n,r,i){return this.#d.sendDebounced(e,t,n,r,i)}insert(e,t,n){return this.#d.insert(e,t,n)}flow(e,t){return this.#d.flow(e,t)}fetch(e,t={}){return this.#d.fetch(e,t)}work(...e){return this.#d.work(...e)}offWork(e,t){return this.#d.offWork(e,t)}notifyWorker(e){return this.#d.notifyWorker(e)}subscribe(e,t){return this.#d.subscribe(e,t)}unsubscribe(e,t){return this.#d.unsubscribe(e,t)}publish(e,t,n){return this.#d.publish(e,t,n)}cancel(e,t,n){return this.#d.cancel(e,t,n)}resume(e,t,n){return this.#d.resume(e,t,n)}retry(e,t,n){return this.#d.retry(e,t,n)}deleteJob(e,t,n){return this.#d.deleteJob(e,t,n)}redrive(e,t){return this.#d.redrive(e,t)}previewRedrive(e,t){return this.#d.previewRedrive(e,t)}deleteQueuedJobs(e){return this.#d.deleteQueuedJobs(e)}deleteStoredJobs(e){return this.#d.deleteStoredJobs(e)}deleteAllJobs(e){return this.#d.deleteAllJobs(e)}complete(e,t,n,r){return this.#d.complete(e,t,n,r)}fail(e,t,n,r){return this.#d.fail(e,t,n,r)}touch(e,t,n){return this.#d.touch(e,t,n)}getJobById(e,t,n){return this.#d.getJobById(e,t,n)}findJobs(e,t){return this.#d.findJobs(e,t)}createQueue(e,t){return this.#d.createQueue(e,t)}getBlockedKeys(e,t){return this.#d.getBlockedKeys(e,t)}getDependencies(e,t,n){return this.#d.getDependencies(e,t,n)}getDependents(e,t,n){return this.#d.getDependents(e,t,n)}updateQueue(e,t){return this.#d.updateQueue(e,t)}deleteQueue(e){return this.#d.deleteQueue(e)}async getQueues(e,t){let n=Lo(`getQueues`,t?.limit);return Bo(`getQueues`,t?.after),this.#d.getQueues(e,n,t?.after)}getQueue(e){return this.#d.getQueue(e)}getQueueStats(e,t){return this.#d.getQueueStats(e,t)}async getInstances(e){let t=Lo(`getInstances`,e?.limit);return Bo(`getInstances`,e?.after,!0),this.#g.getInstances(t,e?.after)}isMaintaining(){return this.#l.maintaining}isBamWorking(){return this.#p.working}isResolvingFlow(){return this.#m.working}isCheckingSkew(){return this.#f.checkingSkew}isTimekeeping(){return this.#f.timekeeping}supervise(e,t){return this.#l.supervise(e,t)}getReindexCommands(e){return this.#l.getReindexCommands(e)}resolveFlow(){return this.#m.resolveNow()}getWipData(e){return this.#d.getWipData(e)}getSpy(e){return this.#d.getSpy(e)}clearSpies(){this.#d.clearSpies()}isInstalled(){return this.#u.isInstalled()}schemaVersion(){return this.#u.schemaVersion()}detectSchemaDrift(){return this.#u.detectDrift({clockOverride:this.#a!==null})}schedule(e,t,n,r){return this.#f.schedule(e,t,n,r)}unschedule(e,t,n){return this.#f.unschedule(e,t,n)}async getSchedules(e,t,n){let r=Lo(`getSchedules`,n?.limit);return Vo(`getSchedules`,n?.after,[`name`,`key`]),this.#f.getSchedules(e,t,r,n?.after)}getSchedule(e,t){return this.#f.getSchedule(e,t)}previewSchedule(e,t){return this.#f.previewSchedule(e,t)}async getBamStatus(){let e=Sa(this.#s.schema),{rows:t}=await this.#c.executeSql(e);return t}async getBamEntries(e){let t=Lo(`getBamEntries`,e?.limit),n=e?.after;Bo(`getBamEntries`,n,!0);let r=Ca(this.#s.schema,n!==void 0),{rows:i}=await this.#c.executeSql(r,n===void 0?[t]:[n,t]);if(n!==void 0&&i.length===0){let{rows:e}=await this.#c.executeSql(wa(this.#s.schema),[n]);g(e.length>0,`getBamEntries: after names a row that no longer exists`)}return i}getDb(){return this.#c?this.#c:this.#s.db?this.#s.db:new Js(this.#s)}};export{PS as t};
