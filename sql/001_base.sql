-- What every later file builds on: the clock, the form of a name, who may call what.
--
-- Programs never read a table. They call functions that run with the owner's rights
-- (SECURITY DEFINER), each with a search_path of its own so that nobody can slip
-- another table or operator under it. Nothing is granted to PUBLIC. Functions that only
-- other functions call run with their caller's path and rights: the small ones in SQL are
-- folded into the caller's plan. PostgreSQL cannot fold a strict function that makes
-- something of NULL, nor an immutable one that calls convert_to(), and would plan their body
-- again in every statement: those are in PL/pgSQL, which plans once in a connection.

-- The clock of everything below. A test may replace it to move the time.
create function doorward.now() returns timestamptz
language sql volatile
as 'select clock_timestamp()';

-- The form in which two names are the same: without outer spaces, compatible forms
-- unified (NFKC: a full-width A is an A), capitals of Latin, Greek, Cyrillic and
-- Armenian as small letters. The table is written out because lower() depends on the
-- host's locale and changes with its C library: a unique index must not.
create function doorward.name_key_wide(name text) returns text
language sql immutable strict parallel safe
as $$
	select translate(lower(btrim(normalize(name, NFKC)) collate "C"),
		'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĴĶĹĻĽŁŃŅŇŊ'
		'ŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƠƢƤƦƧƩƬƮƯƱƲƳƵƷƸƼǍǏ'
		'ǑǓǕǗǙǛǞǠǢǤǦǨǪǬǮǴǶǷǸǺǼǾȀȂȄȆȈȊȌȎȐȒȔȖȘȚȜȞȠȢȤȦȨȪȬȮȰȲȺȻȽȾɁɃɄɅɆɈɊɌɎͰͲͶ'
		'ͿΆΈΉΊΌΎΏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫϏϘϚϜϞϠϢϤϦϨϪϬϮϷϺϽϾϿЀЁЂЃЄЅІЇЈЉЊЋ'
		'ЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮѰѲѴѶѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞ'
		'ҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӁӃӅӇӉӋӍӐӒӔӖӘӚӜӞӠӢӤӦӨӪӬӮӰӲӴӶӸӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞ'
		'ԠԢԤԦԨԪԬԮԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖḀḂḄḆḈḊḌḎḐḒḔḖḘḚḜḞḠḢ'
		'ḤḦḨḪḬḮḰḲḴḶḸḺḼḾṀṂṄṆṈṊṌṎṐṒṔṖṘṚṜṞṠṢṤṦṨṪṬṮṰṲṴṶṸṺṼṾẀẂẄẆẈẊẌẎẐẒẔẞẠẢẤẦẨẪ'
		'ẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸỺỼỾς',
		'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĵķĺļľłńņňŋ'
		'ōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷÿźżžɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵơƣƥʀƨʃƭʈưʊʋƴƶʒƹƽǎǐ'
		'ǒǔǖǘǚǜǟǡǣǥǧǩǫǭǯǵƕƿǹǻǽǿȁȃȅȇȉȋȍȏȑȓȕȗșțȝȟƞȣȥȧȩȫȭȯȱȳⱥȼƚⱦɂƀʉʌɇɉɋɍɏͱͳͷ'
		'ϳάέήίόύώαβγδεζηθικλμνξοπρστυφχψωϊϋϗϙϛϝϟϡϣϥϧϩϫϭϯϸϻͻͼͽѐёђѓєѕіїјљњћ'
		'ќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯѱѳѵѷѹѻѽѿҁҋҍҏґғҕҗҙқҝҟ'
		'ҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӂӄӆӈӊӌӎӑӓӕӗәӛӝӟӡӣӥӧөӫӭӯӱӳӵӷӹӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟ'
		'ԡԣԥԧԩԫԭԯաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡḣ'
		'ḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓẕßạảấầẩẫ'
		'ậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹỻỽỿσ')
$$;

-- As name_key_wide, which plain ASCII does not need: there only capitals change.
create function doorward.name_key(name text) returns text
language sql immutable parallel safe
as $$
	select case when octet_length(name) = char_length(name)
		then lower(btrim(name) collate "C")
		else doorward.name_key_wide(name) end
$$;

-- Which program may call which function; the migrations that follow add to it.
create table doorward.door (
	program text not null check (program in ('login', 'account', 'admin')),
	function text not null,
	primary key (program, function)
);

-- The database role of each program, as `doorward db migrate` was told; roles belong to all
-- databases of a server, so that one of a likely name may be somebody else's. On a host with
-- a single role there is none here: that role owns everything, and the programs run as it.
create table doorward.program_role (
	program text primary key check (program in ('login', 'account', 'admin')),
	role text not null
);

-- Take every right from everybody but the owner, then give each program's role its own
-- functions. Called at the end of each migration run.
create function doorward.open_doors() returns void
language plpgsql
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_role text;
	v_row record;
begin
	revoke all on all functions in schema doorward from public;
	revoke all on all tables in schema doorward from public;
	for v_role in
		select distinct a.grantee::regrole::text
		from pg_proc p, aclexplode(p.proacl) a
		where p.pronamespace = 'doorward'::regnamespace
			and a.grantee not in (0, p.proowner)
	loop
		execute format('revoke all on all functions in schema doorward from %s', v_role);
	end loop;
	for v_row in
		select distinct quote_ident(r.role) as role, p.oid::regprocedure as function
		from program_role r
		join pg_roles g on g.rolname = r.role
		join door d on d.program = r.program
		join pg_proc p on p.proname = d.function
			and p.pronamespace = 'doorward'::regnamespace
	loop
		execute format('grant usage on schema doorward to %s', v_row.role);
		execute format('grant execute on function %s to %s', v_row.function, v_row.role);
	end loop;
end
$$;

-- The number of the newest migration; programs compare it with their own.
create function doorward.schema_number() returns integer
language sql stable security definer
set search_path = pg_catalog, doorward, pg_temp
as 'select coalesce(max(number), 0) from schema_migrations';

insert into doorward.door values
	('login', 'schema_number'), ('account', 'schema_number'), ('admin', 'schema_number');
