# Training loss, running mean over 25 steps, mean and range over the seeds
# gnuplot figure1.gp   draws figure1.svg from figure1.csv, all beside this script.
# rsvg-convert -f pdf -o figure1.pdf figure1.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 3.35 by 2.7 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 322,259 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'figure1'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > figure1.svg"

# The tables: the first line names the columns. cell('y') ends a line at an empty cell, where a bare 'y' draws on
# to the next point; cell_where('mu', 0.1, 'y') takes the rows in which mu is 0.1, which must follow each other.
set datafile separator comma
set datafile columnheaders
cell(name) = strlen(strcol(name)) ? column(name) : NaN
cell_where(key, number, name) = column(key) == number ? cell(name) : NaN

# Axes below and at the left, ticks outwards, a light grid behind.
set minussign
set border 3 linewidth 0.5 linecolor rgb '#000000'
set tics nomirror out scale 0.5,0.25 offset 0,0
set format '%g'
set grid xtics ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid
set style fill solid 1 noborder
set key noautotitle samplen 2.5 spacing 1.1
set samples 500

# Colours of Okabe and Ito, with dashes, so that lines differ without colour too.
set linetype 1 linecolor rgb '#000000' linewidth 1 dashtype solid pointtype 7 pointsize 0.3
set linetype 2 linecolor rgb '#0072b2' linewidth 1 dashtype (8,3) pointtype 5 pointsize 0.3
set linetype 3 linecolor rgb '#d55e00' linewidth 1 dashtype (10,3,2,3) pointtype 9 pointsize 0.3
set linetype 4 linecolor rgb '#009e73' linewidth 1 dashtype (2,2.5) pointtype 11 pointsize 0.3
set linetype 5 linecolor rgb '#cc79a7' linewidth 1 dashtype (10,3,2,3,2,3) pointtype 6 pointsize 0.3
set linetype 6 linecolor rgb '#e69f00' linewidth 1 dashtype (16,4) pointtype 4 pointsize 0.3
set linetype 7 linecolor rgb '#56b4e9' linewidth 1 dashtype (5,2.5) pointtype 8 pointsize 0.3

set margins screen 0.135, screen 0.7, screen 0.14, screen 0.97
set xrange [0:2000]
set yrange [4:7]
set xlabel 'step' offset 0,0.5
set ylabel 'training loss (nats)' offset 0.3,0
set label 'Adam' at graph 1.02, first 5.476 left textcolor linetype 1 font ',7.5' front
set label 'Adam, warmup 200' at graph 1.02, first 4.482 left textcolor linetype 2 font ',7.5' front
set label 'Adam, freeze 500' at graph 1.02, first 4.755 left textcolor linetype 3 font ',7.5' front
set label 'Adam-eps 1e-3' at graph 1.02, first 4.296 left textcolor linetype 4 font ',7.5' front
set label 'RAdam' at graph 1.02, first 4.11 left textcolor linetype 5 font ',7.5' front
plot 'figure1.csv' using 'step':'low':'high' every ::0::199 with filledcurves linetype 1 fillstyle transparent solid 0.2, \
     'figure1.csv' using 'step':'loss' every ::0::199 with lines linetype 1 linewidth 1.2, \
     'figure1.csv' using 'step':'low':'high' every ::200::399 with filledcurves linetype 2 fillstyle transparent solid 0.2, \
     'figure1.csv' using 'step':'loss' every ::200::399 with lines linetype 2 linewidth 1.2, \
     'figure1.csv' using 'step':'low':'high' every ::400::599 with filledcurves linetype 3 fillstyle transparent solid 0.2, \
     'figure1.csv' using 'step':'loss' every ::400::599 with lines linetype 3 linewidth 1.2, \
     'figure1.csv' using 'step':'low':'high' every ::600::799 with filledcurves linetype 4 fillstyle transparent solid 0.2, \
     'figure1.csv' using 'step':'loss' every ::600::799 with lines linetype 4 linewidth 1.2, \
     'figure1.csv' using 'step':'low':'high' every ::800::999 with filledcurves linetype 5 fillstyle transparent solid 0.2, \
     'figure1.csv' using 'step':'loss' every ::800::999 with lines linetype 5 linewidth 1.2

unset output
